package sim

import (
	"encoding/json"
	"strings"
	"time"
)

// The entity structs are at once the state and its JSON form (see seed.go).
// In the state every reference is an id; a seed may use names.

type account struct {
	ID       string `json:"id,omitempty"`
	Username string `json:"username"`
	Email    string `json:"email,omitempty"`
	Password string `json:"password,omitempty"`
	// OTP is the one-time password that a login needs; empty: none is asked for.
	OTP string `json:"otp,omitempty"`
	// Collaborators may see and change what this account owns, Readers only see it.
	Collaborators []string `json:"collaborators,omitempty"`
	Readers       []string `json:"readers,omitempty"`
	// UnbondKey is what unassigning from a production group needs; empty: any key will do.
	UnbondKey string `json:"unbond_key,omitempty"`
}

type loginKey struct {
	ID          string  `json:"id,omitempty"`
	Account     string  `json:"account,omitempty"`
	Description *string `json:"description,omitempty"`
	Usages      int     `json:"usages,omitempty"`
}

type accessToken struct {
	ID      string    `json:"token"`
	Account string    `json:"account"`
	Expires time.Time `json:"expires_at"`
}

type refreshToken struct {
	ID       string     `json:"id"`
	Token    string     `json:"token"`
	Account  string     `json:"account"`
	Created  time.Time  `json:"created_at"`
	LastUsed *time.Time `json:"last_used_at,omitempty"`
}

type loginToken struct {
	ID      string    `json:"token"`
	Account string    `json:"account"`
	Expires time.Time `json:"expires_at"`
	Wrong   int       `json:"wrong,omitempty"`
}

type product struct {
	ID          string    `json:"id,omitempty"`
	Name        string    `json:"name"`
	Description *string   `json:"description,omitempty"`
	Owner       string    `json:"owner,omitempty"`
	Creator     string    `json:"creator,omitempty"`
	Created     time.Time `json:"created_at,omitzero"`
	Updated     time.Time `json:"updated_at,omitzero"`
}

type deviceGroup struct {
	ID                    string          `json:"id,omitempty"`
	Type                  string          `json:"type,omitempty"`
	Name                  string          `json:"name"`
	Description           *string         `json:"description,omitempty"`
	Region                *string         `json:"region,omitempty"`
	LoadCodeAfterBlessing *bool           `json:"load_code_after_blessing,omitempty"`
	EnvVars               json.RawMessage `json:"env_vars,omitempty"`
	Product               string          `json:"product"`
	Creator               string          `json:"creator,omitempty"`
	Current               string          `json:"current_deployment,omitempty"`
	MinSupported          string          `json:"min_supported_deployment,omitempty"`
	ProductionTarget      string          `json:"production_target,omitempty"`
	DUTTarget             string          `json:"dut_target,omitempty"`
	Created               time.Time       `json:"created_at,omitzero"`
	Updated               time.Time       `json:"updated_at,omitzero"`
}

type device struct {
	ID          string  `json:"id,omitempty"`
	Name        *string `json:"name,omitempty"`
	Owner       string  `json:"owner,omitempty"`
	DeviceGroup string  `json:"devicegroup,omitempty"`
	MAC         string  `json:"mac_address,omitempty"`
	// AgentID is kept while the device is unassigned, but only shown, and only
	// usable as an identifier, while it is assigned.
	AgentID      string     `json:"agent_id,omitempty"`
	Online       *bool      `json:"device_online,omitempty"` // nil only in a seed: true
	StateChanged *time.Time `json:"device_state_changed_at,omitempty"`
	AgentChanged *time.Time `json:"agent_state_changed_at,omitempty"`
	Enrolled     *time.Time `json:"last_enrolled_at,omitempty"`
	ImpType      string     `json:"imp_type,omitempty"`
	IP           string     `json:"ip_address,omitempty"`
	FreeMemory   *int       `json:"free_memory,omitempty"`
	RSSI         *int       `json:"rssi,omitempty"`
	SWVersion    string     `json:"swversion,omitempty"`
	PlanID       *string    `json:"plan_id,omitempty"`
	// Running is the deployment whose code the device has; not the group's
	// current one when the device was offline or was not restarted since.
	Running string     `json:"running,omitempty"`
	Logs    []LogEntry `json:"logs,omitempty"`
}

type deployment struct {
	ID          string `json:"id,omitempty"`
	DeviceGroup string `json:"devicegroup,omitempty"` // empty: a zombie
	Product     string `json:"product,omitempty"`
	Owner       string `json:"owner,omitempty"`
	Creator     string `json:"creator,omitempty"`
	Flagger     string `json:"flagger,omitempty"`
	SHA         string `json:"sha,omitempty"`
	// The two codes are what the group's device and agent run.
	DeviceCode  string    `json:"device_code"`
	AgentCode   string    `json:"agent_code"`
	Description *string   `json:"description,omitempty"`
	Origin      *string   `json:"origin,omitempty"`
	Flagged     bool      `json:"flagged,omitempty"`
	Tags        []string  `json:"tags,omitempty"`
	Created     time.Time `json:"created_at,omitzero"`
	Updated     time.Time `json:"updated_at,omitzero"`
}

type webhook struct {
	ID          string    `json:"id,omitempty"`
	DeviceGroup string    `json:"devicegroup"`
	Creator     string    `json:"creator,omitempty"`
	URL         string    `json:"url"`
	Event       string    `json:"event"`
	ContentType string    `json:"content_type"`
	Created     time.Time `json:"created_at,omitzero"`
	Updated     time.Time `json:"updated_at,omitzero"`
}

// state is everything that Save writes.
type state struct {
	ids           *idSource
	stamped       time.Time
	accounts      *table[account]
	loginKeys     *table[loginKey]
	accessTokens  *table[accessToken]
	refreshTokens *table[refreshToken] // by token, not by id
	loginTokens   *table[loginToken]
	products      *table[product]
	groups        *table[deviceGroup]
	devices       *table[device]
	deployments   *table[deployment]
	webhooks      *table[webhook]
	scripts       []*script         // the first that fits a start counts
	macs, agents  map[string]string // to device id
}

func newState(ids *idSource) *state {
	return &state{
		ids:      ids,
		accounts: newTable[account](), loginKeys: newTable[loginKey](),
		accessTokens: newTable[accessToken](), refreshTokens: newTable[refreshToken](), loginTokens: newTable[loginToken](),
		products: newTable[product](), groups: newTable[deviceGroup](), devices: newTable[device](),
		deployments: newTable[deployment](), webhooks: newTable[webhook](),
		macs: map[string]string{}, agents: map[string]string{},
	}
}

// stamp gives created_at and updated_at. Clients compare these to the
// millisecond to tell older from newer, so no two are equal.
func (st *state) stamp(now time.Time) time.Time {
	t := now.UTC().Truncate(time.Millisecond)
	if !t.After(st.stamped) {
		t = st.stamped.Add(time.Millisecond)
	}
	st.stamped = t
	return t
}

func (st *state) addDevice(d *device) {
	st.devices.add(d.ID, d)
	st.macs[d.MAC] = d.ID
	st.agents[d.AgentID] = d.ID
}

func (st *state) removeDevice(d *device) {
	st.devices.remove(d.ID)
	delete(st.macs, d.MAC)
	delete(st.agents, d.AgentID)
}

func (d *device) isOnline() bool { return d.Online == nil || *d.Online }

// device finds by id, MAC address or, if assigned, agent id.
func (st *state) device(id string) *device {
	if d := st.devices.get(id); d != nil {
		return d
	}
	lower := strings.ToLower(id)
	if d := st.devices.get(lower); d != nil {
		return d
	}
	if d := st.devices.get(st.macs[lower]); d != nil {
		return d
	}
	if d := st.devices.get(st.agents[id]); d != nil && d.DeviceGroup != "" {
		return d
	}
	return nil
}

// owner of a group is its product's.
func (st *state) groupOwner(g *deviceGroup) string {
	if p := st.products.get(g.Product); p != nil {
		return p.Owner
	}
	return ""
}

// rights of one account over what another owns.
type rights int

const (
	none rights = iota
	read
	write
)

func (st *state) rights(me, owner string) rights {
	if me == owner {
		return write
	}
	a := st.accounts.get(owner)
	if a == nil {
		return none
	}
	for _, id := range a.Collaborators {
		if id == me {
			return write
		}
	}
	for _, id := range a.Readers {
		if id == me {
			return read
		}
	}
	return none
}

// deviceRights also come from the group: who works on a product sees the
// devices in it, whoever enrolled them.
func (st *state) deviceRights(me string, d *device) rights {
	r := st.rights(me, d.Owner)
	if g := st.groups.get(d.DeviceGroup); g != nil {
		r = max(r, st.rights(me, st.groupOwner(g)))
	}
	return r
}

func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func formatTimePtr(t *time.Time) *string {
	if t == nil {
		return nil
	}
	s := formatTime(*t)
	return &s
}
