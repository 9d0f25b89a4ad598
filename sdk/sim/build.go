package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// builder makes a state of savedStates. What a seed leaves out is filled in;
// references by name become ids.
type builder struct {
	s   *Sim
	st  *state
	now time.Time
	// guess: a hand-written seed. Its deployments become current, its devices
	// get plausible hardware and run what is current.
	guess bool
	// chosen are the groups that a seed names a current deployment for.
	chosen map[*deviceGroup]bool
}

// build makes a state of a whole one and, unless it is nil, a seed on top.
func (s *Sim) build(whole, seed *savedState) (*state, error) {
	ids := newIDSource(s.cfg.IDSeed)
	if whole.IDsDrawn != nil {
		ids.next = whole.IDsDrawn
	}
	st := newState(ids)
	if whole.LastStamp != nil {
		st.stamped = *whole.LastStamp
	}
	b := &builder{s: s, st: st, now: s.clock.Now(), chosen: map[*deviceGroup]bool{}}
	if err := b.add(whole); err != nil {
		return nil, err
	}
	if seed != nil {
		b.guess = true
		if err := b.add(seed); err != nil {
			return nil, err
		}
	}
	return b.st, nil
}

func (b *builder) add(in *savedState) error {
	steps := []func() error{
		func() error {
			return each("accounts", in.Accounts, func(a *account) string { return a.Username }, b.account)
		},
		func() error {
			return each("accounts", in.Accounts, func(a *account) string { return a.Username }, b.sharing)
		},
		func() error {
			return each("login_keys", in.LoginKeys, func(k *loginKey) string { return k.ID }, b.loginKey)
		},
		func() error {
			return each("products", in.Products, func(p *product) string { return p.Name }, b.product)
		},
		func() error {
			return each("devicegroups", in.DeviceGroups, func(g *deviceGroup) string { return g.Name }, b.group)
		},
		func() error {
			return each("deployments", in.Deployments, func(d *deployment) string { return d.ID }, b.deployment)
		},
		func() error {
			return each("devicegroups", in.DeviceGroups, func(g *deviceGroup) string { return g.Name }, b.groupLinks)
		},
		func() error { return each("devices", in.Devices, deviceName, b.device) },
		func() error { return each("scripts", in.Scripts, unnamed, b.script) },
		func() error {
			return each("webhooks", in.Webhooks, func(h *webhook) string { return h.URL }, b.webhook)
		},
		func() error { return each("access_tokens", in.AccessTokens, unnamed, b.accessToken) },
		func() error { return each("refresh_tokens", in.RefreshTokens, unnamed, b.refreshToken) },
		func() error { return each("login_tokens", in.LoginTokens, unnamed, b.loginToken) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// unnamed keeps secrets out of errors.
func unnamed[T any](*T) string { return "" }

func deviceName(d *device) string {
	if d.Name != nil {
		return *d.Name
	}
	return d.ID
}

func each[T any](section string, list []*T, name func(*T) string, do func(*T) error) error {
	for i, v := range list {
		given := name(v) // before an id is made up
		if err := do(v); err != nil {
			return fmt.Errorf("%s: %w", where(section, i, given), err)
		}
	}
	return nil
}

func taken(id string) error { return fmt.Errorf("the id %q exists already", id) }

func (b *builder) times(created, updated *time.Time) {
	if created.IsZero() {
		*created = b.st.stamp(b.now)
	}
	if updated.IsZero() {
		*updated = *created
	}
	*created, *updated = created.UTC(), updated.UTC()
}

func (b *builder) account(a *account) error {
	st := b.st
	if a.Username == "" {
		return errors.New("a username is needed")
	}
	if st.accountNamed(a.Username) != nil || a.Email != "" && st.accountNamed(a.Email) != nil {
		return errors.New("the username or email exists already")
	}
	if a.ID == "" {
		a.ID = st.ids.unused("account", shapeUUID, st.accounts.has)
	}
	if st.accounts.has(a.ID) {
		return taken(a.ID)
	}
	if a.Password == "" {
		a.Password = a.Username
	}
	st.accounts.add(a.ID, a)
	return nil
}

func (b *builder) sharing(a *account) error {
	for _, list := range []*[]string{&a.Collaborators, &a.Readers} {
		ids := slices.Clone(*list)
		for i := range ids {
			if err := b.accountRef(&ids[i], ""); err != nil {
				return err
			}
		}
		*list = ids
	}
	return nil
}

// accountRef makes a name an id; nothing becomes standard, or else the first
// account.
func (b *builder) accountRef(ref *string, standard string) error {
	if *ref == "" && standard != "" {
		*ref = standard
	}
	if *ref == "" {
		if b.st.accounts.len() == 0 {
			return errors.New("there is no account")
		}
		*ref = b.st.accounts.values()[0].ID
		return nil
	}
	a := b.st.accountNamed(*ref)
	if a == nil {
		return fmt.Errorf("there is no account %q", *ref)
	}
	*ref = a.ID
	return nil
}

func (b *builder) loginKey(k *loginKey) error {
	if k.ID == "" {
		k.ID = b.st.ids.unused("login_key", shapeHex16, b.st.loginKeys.has)
	}
	if b.st.loginKeys.has(k.ID) {
		return taken(k.ID)
	}
	if err := b.accountRef(&k.Account, ""); err != nil {
		return err
	}
	b.st.loginKeys.add(k.ID, k)
	return nil
}

func (b *builder) product(p *product) error {
	if err := checkName(p.Name); err != nil {
		return err
	}
	if p.ID == "" {
		p.ID = b.st.ids.unused("product", shapeUUID, b.st.products.has)
	}
	if b.st.products.has(p.ID) {
		return taken(p.ID)
	}
	if err := b.accountRef(&p.Owner, ""); err != nil {
		return err
	}
	if err := b.accountRef(&p.Creator, p.Owner); err != nil {
		return err
	}
	if b.st.productNamed(p.Owner, p.Name) != nil {
		return errors.New("its owner has a product of this name already")
	}
	b.times(&p.Created, &p.Updated)
	b.st.products.add(p.ID, p)
	return nil
}

func checkName(name string) error {
	if n := len([]rune(name)); n < 1 || n > maxName {
		return fmt.Errorf("the name must have 1 to %d characters", maxName)
	}
	return nil
}

// productRef makes a product's name an id.
func (b *builder) productRef(ref *string) error {
	if b.st.products.has(*ref) {
		return nil
	}
	found := b.st.products.where(func(p *product) bool { return p.Name == *ref })
	switch len(found) {
	case 0:
		return fmt.Errorf("there is no product %q", *ref)
	case 1:
		*ref = found[0].ID
		return nil
	}
	return fmt.Errorf("there are %d products %q: use an id", len(found), *ref)
}

// groupRef makes a group's name, or "product/name", an id.
func (b *builder) groupRef(ref *string) error {
	if b.st.groups.has(*ref) {
		return nil
	}
	productName, name, both := strings.Cut(*ref, "/")
	found := b.st.groups.where(func(g *deviceGroup) bool {
		if g.Name == *ref {
			return true
		}
		p := b.st.products.get(g.Product)
		return both && p != nil && g.Name == name && (p.Name == productName || p.ID == productName)
	})
	switch len(found) {
	case 0:
		return fmt.Errorf("there is no devicegroup %q", *ref)
	case 1:
		*ref = found[0].ID
		return nil
	}
	return fmt.Errorf("there are %d devicegroups %q: use \"product/name\" or an id", len(found), *ref)
}

// groupType accepts "pre-production" as well as pre_production_devicegroup.
func groupType(t string) (string, error) {
	if t == "" {
		return typeDevelopment, nil
	}
	full := strings.TrimSuffix(strings.ReplaceAll(t, "-", "_"), "_devicegroup") + "_devicegroup"
	if full == "factory_devicegroup" || full == "pre_factory_devicegroup" {
		full = strings.Replace(full, "factory", "factoryfixture", 1)
	}
	if !slices.Contains(groupTypes, full) {
		return "", fmt.Errorf("there is no type %q of devicegroups", t)
	}
	return full, nil
}

func (b *builder) group(g *deviceGroup) error {
	if err := checkName(g.Name); err != nil {
		return err
	}
	var err error
	if g.Type, err = groupType(g.Type); err != nil {
		return err
	}
	if g.ID == "" {
		g.ID = b.st.ids.unused("devicegroup", shapeUUID, b.st.groups.has)
	}
	if b.st.groups.has(g.ID) {
		return taken(g.ID)
	}
	if err := b.productRef(&g.Product); err != nil {
		return err
	}
	if b.st.groupNamed(g.Product, g.Name) != nil {
		return errors.New("its product has a devicegroup of this name already")
	}
	if err := b.accountRef(&g.Creator, b.st.products.get(g.Product).Owner); err != nil {
		return err
	}
	if g.EnvVars != nil {
		env, why := checkEnvVars(g.EnvVars)
		if why != "" {
			return fmt.Errorf("env_vars %s", why)
		}
		g.EnvVars = env
	}
	if !isProductionType(g.Type) && (g.Region != nil || g.LoadCodeAfterBlessing != nil) {
		return errors.New("region and load_code_after_blessing are for production types only")
	}
	if isProductionType(g.Type) && g.LoadCodeAfterBlessing == nil {
		yes := true
		g.LoadCodeAfterBlessing = &yes
	}
	b.times(&g.Created, &g.Updated)
	b.chosen[g] = b.guess && g.Current != ""
	b.st.groups.add(g.ID, g)
	return nil
}

// groupLinks resolves what a group says of other groups and of deployments.
func (b *builder) groupLinks(g *deviceGroup) error {
	production, dut := targetTypes(g.Type)
	for _, t := range []struct {
		name, kind string
		ref        *string
	}{{"production_target", production, &g.ProductionTarget}, {"dut_target", dut, &g.DUTTarget}} {
		if *t.ref == "" {
			continue
		}
		if same := b.st.groupNamed(g.Product, *t.ref); same != nil {
			*t.ref = same.ID
		}
		if err := b.groupRef(t.ref); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if !isFixtureType(g.Type) || b.st.groups.get(*t.ref).Type != t.kind {
			return fmt.Errorf("%s: must be a %s, of a factory fixture group", t.name, t.kind)
		}
	}
	for name, ref := range map[string]*string{"current_deployment": &g.Current, "min_supported_deployment": &g.MinSupported} {
		if err := b.deploymentRef(g, ref); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// deploymentRef makes a tag or sha an id.
func (b *builder) deploymentRef(g *deviceGroup, ref *string) error {
	if *ref == "" {
		return nil
	}
	found := b.st.deployments.where(func(d *deployment) bool {
		return d.DeviceGroup == g.ID && (d.ID == *ref || d.SHA == *ref || slices.Contains(d.Tags, *ref))
	})
	if len(found) != 1 {
		return fmt.Errorf("%d deployments of the group are %q by id, sha or tag", len(found), *ref)
	}
	*ref = found[0].ID
	return nil
}

func (b *builder) webhook(h *webhook) error {
	if h.ID == "" {
		h.ID = b.st.ids.unused("webhook", shapeUUID, b.st.webhooks.has)
	}
	if b.st.webhooks.has(h.ID) {
		return taken(h.ID)
	}
	if err := b.groupRef(&h.DeviceGroup); err != nil {
		return err
	}
	if err := b.accountRef(&h.Creator, b.st.groupOwner(b.st.groups.get(h.DeviceGroup))); err != nil {
		return err
	}
	if h.ContentType == "" {
		h.ContentType = mediaJSON
	}
	if !slices.Contains(hookEvents, h.Event) || !slices.Contains(hookContentTypes, h.ContentType) {
		return fmt.Errorf("the event must be one of %s, the content_type one of %s", strings.Join(hookEvents, ", "), strings.Join(hookContentTypes, ", "))
	}
	if checkURL(h.URL) != nil {
		return errors.New("the url is invalid")
	}
	b.times(&h.Created, &h.Updated)
	b.st.webhooks.add(h.ID, h)
	return nil
}
