package plugin

import (
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// tree is the job in which a plugin and its children are. The system ends all
// of them when the last handle of the job is closed, that is also when we die.
type tree struct{ job windows.Handle }

func (t tree) kill(leader *os.Process) {
	if t.job != 0 {
		_ = windows.TerminateJobObject(t.job, 1)
	}
	_ = leader.Kill()
}

// sweep ends what the plugin has left behind.
func (t tree) sweep() {
	if t.job != 0 {
		_ = windows.TerminateJobObject(t.job, 1)
	}
}

func (t tree) close() {
	if t.job != 0 {
		_ = windows.CloseHandle(t.job)
	}
}

// processAttributes keep Ctrl-C and our console from the plugin.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		HideWindow:    true,
		CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW,
	}
}

func (c *child) start() error {
	if err := c.cmd.Start(); err != nil {
		return err
	}
	// Without a job the lifeline alone ends the plugin.
	if job, err := jobOf(c.cmd.Process.Pid); err == nil {
		c.tree = tree{job}
	}
	return nil
}

func jobOf(pid int) (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err == nil {
		err = assign(job, pid)
	}
	if err != nil {
		_ = windows.CloseHandle(job)
		return 0, err
	}
	return job, nil
}

func assign(job windows.Handle, pid int) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid)) //nolint:gosec // a process number
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(process) }()
	return windows.AssignProcessToJobObject(job, process)
}

// awaitExit is not needed: the job, unlike a number, stays ours.
func (c *child) awaitExit() bool { return false }

// clear does nothing: the job has all that the process has started.
func (*child) clear() {}
