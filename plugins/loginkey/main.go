// Command impt-plugin-loginkey is the group `impt loginkey`.
package main

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

func main() { sdk.Serve(group) }

var group = sdk.Group{
	Name:     "loginkey",
	Synopsis: "Login Keys, which log in without a password.",
	Commands: []sdk.Command{create, remove, info, list, update},
}

var (
	key      = option.LoginKey.Required()
	password = option.NewSecret("pwd", "w", "<password>", "Password of your account; asked for if it is left out.").OrEmpty()
	descr    = option.NewText("descr", "s", "<login_key_description>", "Description of the Login Key.").OrEmpty()
)

var info = verb.Info(key).WithExamples("impt loginkey info --lk 7d8e6670aa285e9d")

var list = verb.List(entity.LoginKey).WithExamples("impt loginkey list")

// authorize is the header without which keys cannot be changed.
func authorize(ctx context.Context, c *sdk.Call) (entity.SecretHeader, error) {
	given := password.Of(c)
	if given == nil {
		var err error
		if given, err = c.AskSecret(ctx, password, "password"); err != nil {
			return entity.SecretHeader{}, err
		}
	}
	if given.Empty() {
		return entity.SecretHeader{}, fault.NonEmpty("password")
	}
	return given.Header("X-Electricimp-Password"), nil
}
