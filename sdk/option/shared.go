package option

import (
	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
)

// Options that identify entities.
var (
	Account     = NewEntity(entity.Account, "user", "u", "<ACCOUNT_IDENTIFIER>", "Account: its id, email address or user name.")
	Owner       = NewEntity(entity.Account, "owner", "o", "<ACCOUNT_IDENTIFIER>", "Owner: the id, email address or user name of an account, or \"me\".")
	Product     = NewEntity(entity.Product, "product", "p", "<PRODUCT_IDENTIFIER>", "Product: its id or name. Default: the product of the project's Device Group.")
	DeviceGroup = NewEntity(entity.DeviceGroup, "dg", "g", "<DEVICE_GROUP_IDENTIFIER>", "Device Group: its id or name. Default: the project's Device Group.")
	Device      = NewEntity(entity.Device, "device", "d", "<DEVICE_IDENTIFIER>", "Device: its id, MAC address, agent id or name.")
	Webhook     = NewEntity(entity.Webhook, "wh", "w", "<webhook_id>", "Webhook: its id.")
	LoginKey    = NewEntity(entity.LoginKey, "lk", "k", "<login_key_id>", "Login Key: its id.").hidden()
	Build       = NewEntity(entity.Deployment, "build", "b", "<BUILD_IDENTIFIER>", "Build: its id, sha, tag or origin. Default: the current build of the project's Device Group.")
)

// Filters of lists.
var (
	Owners       = Owner.Many().Help("Only what this account owns: its id, email address or user name, or \"me\".")
	Products     = Product.Many().Help("Only what belongs to this Product: its id or name.")
	DeviceGroups = DeviceGroup.Many().Help("Only what belongs to this Device Group: its id or name.")
	GroupTypes   = NewList("dg-type", "y", "<device_group_type>", "Only what belongs to Device Groups of this type.").Choices(entity.GroupTypes()...)
)

// Options that decide how a command goes about its work.
var (
	Confirmed = NewFlag("confirmed", "q", "Goes ahead without asking for a confirmation.")
	Full      = NewFlag("full", "u", "Shows more of the related entities.")
	Force     = NewFlag("force", "f", "Does what stands in the way first.")
	// Output is added to each command; it is listed only where it is not the
	// last option.
	Output = NewText("output", "z", "<mode>", "How the result is shown.").Choices("minimal", "json", "debug")
)

// Options about restarting devices.
var (
	Conditional = NewFlag("conditional", "c", "Restarts only when the Devices are ready for it.")
	Log         = NewFlag("log", "l", "Shows the logs of the Devices until Ctrl-C.")
)

// UnbondKey is what production groups ask for before they let a device go.
var UnbondKey = NewSecret("unbond", "u", "<unbond_key>", "Unbond key, for a production Device Group.").OrEmpty()

// UnbondHeader is how a request carries the unbond key, if there is one.
func UnbondHeader(c *sdk.Call) []entity.SecretHeader {
	key := UnbondKey.Of(c)
	if key == nil || key.Empty() {
		return nil
	}
	return []entity.SecretHeader{key.Header("X-Electricimp-Key")}
}
