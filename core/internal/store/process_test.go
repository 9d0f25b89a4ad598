package store

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// What these processes are told by.
const (
	deedVariable = "IMPT_STORE_TEST_DEED"
	rootVariable = "IMPT_STORE_TEST_ROOT"
	stepVariable = "IMPT_STORE_TEST_STEP"
)

// The test binary is a process that does something to a store, when it is told
// to.
func TestMain(m *testing.M) {
	if deed := os.Getenv(deedVariable); deed != "" {
		if err := do(context.Background(), deed); err != nil { //nolint:forbidigo // a process of its own
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func do(ctx context.Context, deed string) error {
	h := shopIn(os.Getenv(rootVariable))
	if step := os.Getenv(stepVariable); step != "" {
		h.step = func(name string) {
			if name == step {
				self, err := os.FindProcess(os.Getpid())
				if err == nil {
					_ = self.Kill()
				}
				select {}
			}
		}
	}
	for one := range strings.SplitSeq(deed, ";") {
		what, argument, _ := strings.Cut(one, " ")
		var err error
		switch what {
		case "install":
			_, err = h.Install(ctx, argument, "", Options{Grants: []string{"all"}, Downgrade: true})
		case "update":
			_, err = h.Update(ctx, nil, Options{})
		case "start":
			err = h.start()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", one, err)
		}
	}
	return nil
}

// start does what a start does: whatever is active must be whole.
func (h *shop) start() error {
	for range 20 {
		active, err := h.Active()
		if err != nil {
			return err
		}
		whole := true
		for _, a := range active {
			m, err := declared(a.Path)
			if err != nil || m.GetVersion() != a.Version {
				whole = false // another process may just have removed it
			}
		}
		if whole {
			return nil
		}
	}
	return fmt.Errorf("what is active is never whole")
}

func process(t testing.TB, root, deed, step string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), deedVariable+"="+deed, rootVariable+"="+root, stepVariable+"="+step)
	return cmd
}

// steps of an installation, in their order.
var steps = []string{"fetch", "unpack", "describe", "grant", "activate", "rename", "state", "clean"}

// A process that is killed at any step leaves a store that is whole, with the
// old version or the new one, and another process goes on from there.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	acme, dir := newPublisher(t), t.TempDir()
	first, second := newRelease("1.0.0", &acme).file(t, dir), newRelease("1.1.0", &acme).file(t, dir)
	third := newRelease("1.2.0", &acme).file(t, dir)
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			require.NoError(t, process(t, root, "install "+first, "").Run())
			require.NoError(t, process(t, root, "install "+second, "").Run())
			require.Error(t, process(t, root, "install "+third, step).Run(), "it was to be killed")
			h := shopIn(root)
			want := "1.1.0"
			if step == "clean" {
				want = "1.2.0"
			}
			require.Equal(t, want, h.active(t))
			checked, err := h.Verify(t.Context(), nil)
			require.NoError(t, err)
			require.Empty(t, checked[0].GetProblem())

			output, err := process(t, root, "install "+third+";start", "").CombinedOutput()
			require.NoError(t, err, "%s", output)
			require.Equal(t, "1.2.0", h.active(t))
			_, err = h.Rollback(t.Context(), "fleet")
			require.NoError(t, err)
			require.Equal(t, "1.1.0", h.active(t))
		})
	}
}

// Many processes install, update and start at once: no error, nothing torn.
func TestManyProcesses(t *testing.T) {
	t.Parallel()
	const processes, rounds = 64, 2
	acme, dir, root := newPublisher(t), t.TempDir(), t.TempDir()
	var archives []string
	for i := range 4 {
		archives = append(archives, newRelease(fmt.Sprintf("1.%d.0", i), &acme, "device").file(t, dir))
	}
	require.NoError(t, process(t, root, "install "+archives[0], "").Run())
	for range rounds {
		var wg sync.WaitGroup
		failures := make(chan string, processes)
		for i := range processes {
			deed := []string{"start;start;start", "install " + archives[i/4%4] + ";start", "start;update;start", "install " + archives[3] + ";start"}[i%4]
			cmd := process(t, root, deed, "")
			wg.Go(func() {
				if output, err := cmd.CombinedOutput(); err != nil {
					failures <- fmt.Sprintf("%s: %s", err, output)
				}
			})
		}
		wg.Wait()
		close(failures)
		for f := range failures {
			t.Error(f)
		}
		h := shopIn(root)
		require.NotEmpty(t, h.active(t))
		checked, err := h.Verify(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, checked[0].GetProblem())
		require.Empty(t, h.leftovers(t))
	}
	found, err := filepath.Glob(filepath.Join(root, "store", "acme", "fleet", "*"))
	require.NoError(t, err)
	require.LessOrEqual(t, len(found), 2, "only what is active and what was before")
}
