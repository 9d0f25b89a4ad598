package sdk

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// ProjectFile is what the project file in the working directory says.
type ProjectFile struct {
	Exists                bool
	DeviceGroupID         string
	DeviceFile, AgentFile string
}

// ProjectFile reads the project file. Needs Project.
func (c *Call) ProjectFile(ctx context.Context) (ProjectFile, error) {
	p, err := c.host.Project(ctx)
	return ProjectFile{p.GetExists(), p.GetDeviceGroupId(), p.GetDeviceFile(), p.GetAgentFile()}, err
}

// SaveProject replaces the project file. With keep, what else it says stays.
// Needs ChangeProject.
func (c *Call) SaveProject(ctx context.Context, p ProjectFile, keep bool) error {
	return c.host.SaveProject(ctx, &pluginv1.SaveProjectRequest{
		DeviceGroupId: p.DeviceGroupID,
		DeviceFile:    p.DeviceFile,
		AgentFile:     p.AgentFile,
		KeepOthers:    keep,
	})
}

// DeleteProject deletes the project file. Needs ChangeProject.
func (c *Call) DeleteProject(ctx context.Context) error { return c.host.DeleteProject(ctx) }

// ReadFile reads a file that an option or the project file names; missing
// tells that there is no such file.
func (c *Call) ReadFile(ctx context.Context, path string) (content []byte, missing bool, err error) {
	return c.host.ReadFile(ctx, path)
}

// WriteFile replaces a file that an option of role OutputFile names, at once
// or not at all.
func (c *Call) WriteFile(ctx context.Context, path string, content []byte) error {
	_, err := c.host.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: path, Content: content})
	return err
}

// CreateFile makes an empty file, unless it exists.
func (c *Call) CreateFile(ctx context.Context, path string) (existed bool, err error) {
	return c.host.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: path, Create: true})
}

// DeleteFile deletes a file that WriteFile could replace.
func (c *Call) DeleteFile(ctx context.Context, path string) error {
	return c.host.DeleteFile(ctx, path)
}
