package sdk

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk/document"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// ProjectFile is what the project file in the working directory says.
type ProjectFile struct {
	Exists                bool
	DeviceGroupID         string
	DeviceFile, AgentFile string
	// Preprocess is what the file says about preprocessing: true, false or an
	// object; nil if nothing. SaveProject leaves it as it is.
	Preprocess document.Value
}

// ProjectFile reads the project file. Needs Project.
func (c *Call) ProjectFile(ctx context.Context) (ProjectFile, error) {
	p, err := c.host.Project(ctx)
	f := ProjectFile{
		Exists: p.GetExists(), DeviceGroupID: p.GetDeviceGroupId(),
		DeviceFile: p.GetDeviceFile(), AgentFile: p.GetAgentFile(),
	}
	if text := p.GetPreprocess(); err == nil && len(text) > 0 {
		if f.Preprocess, err = document.Parse(text); err != nil {
			return f, fmt.Errorf("reading the project file: %w", err)
		}
	}
	return f, err
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

// TryProject finds out whether SaveProject could replace the project file,
// which stays as it is. Needs ChangeProject.
func (c *Call) TryProject(ctx context.Context) error { return c.host.TryProject(ctx) }

// ReadFile reads a file that an option or the project file names; missing
// tells that there is no such file.
func (c *Call) ReadFile(ctx context.Context, path string) (content []byte, missing bool, err error) {
	return c.host.ReadFile(ctx, path)
}

// WriteFile replaces a file that an option of role OutputFile names, at once
// or not at all; with Builder also any file below ".build".
func (c *Call) WriteFile(ctx context.Context, path string, content []byte) error {
	_, err := c.host.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: path, Content: content})
	return err
}

// WritePrivateFile is WriteFile for what nobody but the user may read.
func (c *Call) WritePrivateFile(ctx context.Context, path string, content []byte) error {
	_, err := c.host.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: path, Content: content, Private: true})
	return err
}

// CreateFile makes an empty file, unless it exists.
func (c *Call) CreateFile(ctx context.Context, path string) (existed bool, err error) {
	return c.host.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: path, Create: true})
}

// WriteSecretFile replaces a file that an option of role SecretFile names with
// a JSON object, at once or not at all. The host puts the secrets in the place
// of their handles in it, and nobody but the user may read the file.
func (c *Call) WriteSecretFile(ctx context.Context, path string, content document.Object, secrets ...*Secret) error {
	r := &pluginv1.WriteFileRequest{Path: path, Content: document.EncodeIndent(content)}
	for _, s := range secrets {
		r.Secrets = append(r.Secrets, s.wire())
	}
	_, err := c.host.WriteFile(ctx, r)
	return err
}

// DeleteFile deletes a file that WriteFile or WriteSecretFile could replace;
// with Builder also ".builder-cache" and ".build".
func (c *Call) DeleteFile(ctx context.Context, path string) error {
	return c.host.DeleteFile(ctx, path)
}

// FileState is what is at a path.
type FileState struct{ Exists, Directory bool }

// StatFile tells what is at the path of a file that an option, the project
// file or the configuration file names; with Builder also of ".builder-cache"
// and ".build".
func (c *Call) StatFile(ctx context.Context, path string) (FileState, error) {
	r, err := c.host.StatFile(ctx, path)
	return FileState{r.GetExists(), r.GetDirectory()}, err
}

// Config reads the group's configuration file. It fails with CorruptedFile
// when that is no JSON object. Needs ReadConfig.
func (c *Call) Config(ctx context.Context) (o document.Object, exists bool, err error) {
	r, err := c.host.Config(ctx)
	if err != nil || !r.GetExists() {
		return nil, false, err
	}
	if o, err = document.ParseObject(r.GetContent()); err != nil {
		return nil, false, fmt.Errorf("reading the configuration: %w", err)
	}
	return o, true, nil
}

// SaveConfig replaces the configuration file. Needs ChangeConfig.
func (c *Call) SaveConfig(ctx context.Context, o document.Object) error {
	return c.host.SaveConfig(ctx, document.Encode(o))
}

// DeleteConfig deletes the configuration file. Needs ChangeConfig.
func (c *Call) DeleteConfig(ctx context.Context) error { return c.host.DeleteConfig(ctx) }
