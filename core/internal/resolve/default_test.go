package resolve_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

func TestDefaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file          string
		of            entity.Type
		full, several bool
		want          []string
		err           string
		hints         []string
		requests      []string
	}{
		"group": {
			file: `{"deviceGroupId":"g-1"}`, of: entity.DeviceGroup, full: true,
			want: []string{"g-1"}, requests: []string{"GET devicegroups/g-1"},
		},
		"product": {
			file: `{"deviceGroupId":"g-1"}`, of: entity.Product, full: true,
			want: []string{"p-1"}, requests: []string{"GET devicegroups/g-1", "GET products/p-1"},
		},
		"build": {
			file: `{"deviceGroupId":"g-1"}`, of: entity.Deployment, full: true,
			want: []string{"b-2"}, requests: []string{"GET devicegroups/g-1", "GET deployments/b-2"},
		},
		"no build": {
			file: `{"deviceGroupId":"g-3"}`, of: entity.Deployment,
			err: "No Deployment Identifier is specified.", requests: []string{"GET devicegroups/g-3"},
		},
		"only device": {
			file: `{"deviceGroupId":"g-3"}`, of: entity.Device,
			want: []string{"d-3"}, requests: []string{"GET devicegroups/g-3", "LIST devices?devicegroup.id=g-3"},
		},
		"devices": {
			file: `{"deviceGroupId":"g-1"}`, of: entity.Device, several: true,
			want: []string{"d-1", "d-2"}, requests: []string{"GET devicegroups/g-1", "LIST devices?devicegroup.id=g-1"},
		},
		"devices in full": {
			file: `{"deviceGroupId":"g-3"}`, of: entity.Device, full: true, want: []string{"d-3"},
			requests: []string{"GET devicegroups/g-3", "LIST devices?devicegroup.id=g-3", "GET devices/d-3"},
		},
		"too many devices": {
			file: `{"deviceGroupId":"g-1"}`, of: entity.Device,
			err: "Multiple Devices are found:", hints: []string{"Impossible to execute the command."},
			requests: []string{"GET devicegroups/g-1", "LIST devices?devicegroup.id=g-1"},
		},
		"no device": {
			file: `{"deviceGroupId":"g-4"}`, of: entity.Device, several: true,
			err:      "No Device Identifier is specified.",
			requests: []string{"GET devicegroups/g-4", "LIST devices?devicegroup.id=g-4"},
		},
		"group is gone": {
			file: `{"deviceGroupId":"g-9"}`, of: entity.Product,
			err: `Device Group "g-9", saved in Project File, does not exist anymore.`,
			hints: []string{
				"Impossible to execute the command.",
				`Use "impt project delete" command to delete the outdated Project.`,
			},
			requests: []string{"GET devicegroups/g-9"},
		},
		"a name is no id": {
			file: `{"deviceGroupId":"Kitchen"}`, of: entity.DeviceGroup,
			err: `Device Group "Kitchen", saved in Project File, does not exist anymore.`,
			hints: []string{
				"Impossible to execute the command.",
				`Use "impt project delete" command to delete the outdated Project.`,
			},
			requests: []string{"GET devicegroups/Kitchen"},
		},
		"product is gone": {
			file: `{"deviceGroupId":"g-4"}`, of: entity.Product,
			err:      `Product "p-gone" is not found.`,
			requests: []string{"GET devicegroups/g-4", "GET products/p-gone"},
		},
		"corrupted":           {file: `null`, of: entity.Device, err: "Project File is corrupted."},
		"account":             {file: `null`, of: entity.Account, want: []string{"a-1"}, requests: []string{"GET accounts/me"}},
		"webhook":             {file: `null`, of: entity.Webhook, err: "No Webhook Identifier is specified."},
		"no file, no product": {of: entity.Product, err: "No Product Identifier is specified."},
		"no file, no group":   {of: entity.DeviceGroup, err: "No Device Group Identifier is specified."},
		"no file, no device":  {of: entity.Device, several: true, err: "No Device Identifier is specified."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if c.file != "" {
				require.NoError(t, os.WriteFile(filepath.Join(dir, ".impt.project"), []byte(c.file), 0o600))
			}
			cloud := small()
			found, err := resolve.Default(t.Context(), storeOf(cloud), dir, c.of, c.full, c.several)
			if c.err != "" {
				require.EqualError(t, err, c.err)
				f, ok := fault.Of(err)
				require.True(t, ok)
				require.Equal(t, c.hints, f.Hints)
			} else {
				require.NoError(t, err)
				require.Equal(t, c.want, ids(found))
			}
			require.Equal(t, c.requests, cloud.requests())
		})
	}
}

func TestDefaultPassesFailuresOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".impt.project"), []byte(`{"deviceGroupId":"g-1"}`), 0o600))
	down := &fault.Fault{Kind: fault.APIKind, Status: http.StatusInternalServerError}
	for _, asked := range []string{"GET devicegroups/g-1", "LIST devices?devicegroup.id=g-1"} {
		_, err := resolve.Default(t.Context(), storeOf(failing(small(), down, asked)), dir, entity.Device, false, true)
		require.ErrorIs(t, err, down)
	}
	_, err := resolve.Default(t.Context(), storeOf(failing(small(), errors.New("away"), "GET products/p-1")), dir, entity.Product, false, true)
	require.ErrorContains(t, err, "away")
}
