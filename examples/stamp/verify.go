package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
)

var verify = sdk.Command{
	Name:     "verify",
	Synopsis: "Tells who approved a build.",
	Details:  "Fails if nobody did, or if an approval is not true.",
	Examples: []string{"impt stamp verify --build v1"},
	Options:  sdk.Options{build},
	Needs:    sdk.Read(entity.Deployment).And(sdk.ReadSettings),
	Run: func(ctx context.Context, c *sdk.Call) error {
		b, err := build.Of(ctx, c)
		if err != nil {
			return err
		}
		var approvers []string
		for _, tag := range tags(b) {
			rest, ok := strings.CutPrefix(tag, "approved-")
			if !ok {
				continue
			}
			by := rest[:max(0, strings.LastIndex(rest, "-"))]
			stamp, err := stampOf(ctx, c, b, by)
			if err != nil {
				return err
			}
			if stamp != tag {
				return fmt.Errorf("%s has an approval by %s that is not true", b, by)
			}
			approvers = append(approvers, by)
		}
		if len(approvers) == 0 {
			return fmt.Errorf("%s is not approved", b)
		}
		slices.Sort(approvers)
		return c.Say(ctx, "%s is approved by %s.", b, strings.Join(approvers, ", "))
	},
}
