package plugin

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// beHost is a host whose arguments are a plugin, its name, a command, and a
// place for run directories. It prints what the plugin says.
func beHost(ctx context.Context) int {
	path, name, command, place := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	err := func() error {
		if err := Harden(); err != nil {
			return err
		}
		// The digest, too: links that other tests make to the file change its
		// times.
		about := &Plugin{Name: name, Path: path}
		if err := about.digest(); err != nil {
			return err
		}
		var err error
		if about.seen, err = identify(path); err != nil {
			return err
		}
		h := newListener()
		h.hear = func(_ context.Context, text string) error {
			_, err := fmt.Println(text)
			return err
		}
		p, err := Start(ctx, about, StartOptions{
			Host: h, Environment: Environment{RuntimeDir: place}, Limits: patient,
		})
		if err != nil {
			return err
		}
		return errors.Join(p.Run(ctx, request(command)), p.Close())
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// startHost starts this binary as a host, whose complaints are shown if the test
// fails.
func startHost(t *testing.T, p *Plugin, command, place string, attributes *syscall.SysProcAttr) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(copied(t, "host"), p.Path, p.Name, command, place)
	cmd.Env = []string{hostVariable + "=1", "IMPT_LOGINKEY=secret"}
	cmd.Dir = "/"
	cmd.SysProcAttr = attributes
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the host: %v\n%s", cmd.ProcessState, &complaints)
		}
	})
	return cmd, bufio.NewReader(out)
}

func TestKilledHostLeavesNoPluginAndNoDirectory(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"obedient", "defiant"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place := surroundings(t).RuntimeDir
			host, out := startHost(t, installed(t, name), "hang", place, nil)
			line, err := out.ReadString('\n')
			require.NoError(t, err)
			pid, err := strconv.Atoi(strings.TrimSpace(line))
			require.NoError(t, err)
			fd, err := unix.PidfdOpen(pid, 0)
			require.NoError(t, err)
			t.Cleanup(func() { _ = unix.Close(fd) })
			left, err := os.ReadDir(filepath.Join(place, homeName()))
			require.NoError(t, err)
			require.Len(t, left, 1)

			require.NoError(t, host.Process.Kill())
			require.True(t, readable(t, fd, ample), "the plugin outlives its host")
			_ = host.Wait()

			d, err := makeRunDir(place)
			require.NoError(t, err)
			now, err := os.ReadDir(filepath.Join(place, homeName()))
			require.NoError(t, err)
			require.Len(t, now, 1)
			require.NotEqual(t, left[0].Name(), now[0].Name())
			require.NoError(t, d.remove())
		})
	}
}

// readable waits until fd can be read, which for a process means its end.
func readable(t *testing.T, fd int, limit time.Duration) bool {
	t.Helper()
	end := time.Now().Add(limit)
	for {
		left := time.Until(end)
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(max(left, 0).Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		require.NoError(t, err)
		return n == 1
	}
}

func TestHostsEnvironmentCannotBeRead(t *testing.T) {
	t.Parallel()
	place, err := os.MkdirTemp("", "impt-run") //nolint:usetesting // a test's own folder has a long path
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(place)) })
	var attributes *syscall.SysProcAttr
	if os.Geteuid() == 0 {
		// Nothing is hidden from root, so both are somebody else.
		const nobody = 65534
		attributes = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		require.NoError(t, os.Chown(place, nobody, nobody))
	}
	host, out := startHost(t, looked(t, copied(t, filePrefix+"obedient"), "obedient"), "parent", place, attributes)
	line, err := out.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "0 bytes: true\n", line)
	require.NoError(t, host.Wait())
}
