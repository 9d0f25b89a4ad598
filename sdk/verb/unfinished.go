package verb

import (
	"context"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// UnfinishedNeeds is what a command needs that leaves a note.
var UnfinishedNeeds = sdk.ChangeSettings

// Members of the note. A group of commands has one, about what failed last.
const (
	aboutKey = "unfinished"
	restKey  = "rest"
)

// Leave leaves a note about what a command could not finish, for the run that
// repeats it: from impCentral alone that one could not learn what is left to
// be done.
func Leave(ctx context.Context, c *sdk.Call, about string, rest ...entity.Entity) error {
	ids := document.Object{}
	for _, e := range rest {
		list, _ := ids.Get(string(e.Type))
		known, _ := list.(document.List)
		ids.Set(string(e.Type), append(known, e.ID))
	}
	// The user may have interrupted the command.
	return c.SaveSettings(context.WithoutCancel(ctx), document.Object{{Key: aboutKey, Value: about}, {Key: restKey, Value: ids}})
}

// Left finds the note about something, and those of its entities that are
// still there.
func Left(ctx context.Context, c *sdk.Call, about string) (rest []entity.Entity, found bool, err error) {
	note, err := c.Settings(ctx)
	if err != nil || note.Text(aboutKey) != about {
		return nil, false, nil //nolint:nilerr // what cannot be read is no note
	}
	for _, f := range note.Object(restKey) {
		var ids []string
		list, _ := f.Value.(document.List)
		for _, id := range list {
			text, _ := id.(string)
			ids = append(ids, text)
		}
		there, err := c.Cloud.Fetch(ctx, entity.Type(f.Key), ids...)
		if err != nil {
			return nil, false, err
		}
		for _, id := range ids {
			if e, ok := there[id]; ok {
				rest = append(rest, e)
			}
		}
	}
	return rest, true, nil
}

// Finished removes the note about something, if there is one.
func Finished(ctx context.Context, c *sdk.Call, about string) error {
	note, err := c.Settings(ctx)
	if err != nil || note.Text(aboutKey) != about {
		return nil //nolint:nilerr // likewise
	}
	return c.SaveSettings(ctx, document.Object{})
}
