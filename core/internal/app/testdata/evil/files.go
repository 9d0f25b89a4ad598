package main

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// touch reads, writes, makes and deletes one file.
func (c *call) touch(ctx context.Context, path string) {
	a, err := c.host.ReadFile(ctx, &pluginv1.ReadFileRequest{Path: path})
	c.tried("read "+path, string(a.GetContent()), err)
	_, err = c.host.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: path, Content: []byte("evil")})
	c.tried("write "+path, "written", err)
	_, err = c.host.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: path, Create: true})
	c.tried("create "+path, "created", err)
	_, err = c.host.DeleteFile(ctx, &pluginv1.DeleteFileRequest{Path: path})
	c.tried("delete "+path, "deleted", err)
}

// files tries files that nobody named, or that it named itself.
func files(ctx context.Context, c *call) error {
	for _, path := range []string{
		"", ".", "..", ".impt.auth", "./.impt.auth", ".impt.project", "private", "../home/private", "../home/.impt.auth",
		"/etc/passwd", "/dev/tty", "/dev/stdin", "/proc/self/environ", "/proc/self/fd/0", "\x00",
		"./" + c.text("in"), "x/../" + c.text("in"), c.text("in") + "/", c.text("in") + "\x00",
		"linked", c.text("text"),
	} {
		c.touch(ctx, path)
	}
	for _, o := range sneaky {
		c.touch(ctx, c.text(o.GetName()))
	}
	// What the user named for reading is for reading.
	a, err := c.host.ReadFile(ctx, &pluginv1.ReadFileRequest{Path: c.text("in")})
	c.tried("named", string(a.GetContent()), err)
	_, err = c.host.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: c.text("in"), Content: []byte("evil")})
	c.tried("write named", "written", err)
	_, err = c.host.DeleteFile(ctx, &pluginv1.DeleteFileRequest{Path: c.text("in")})
	c.tried("delete named", "deleted", err)
	return nil
}

// project names files in the project file, and then asks for them.
func project(ctx context.Context, c *call) error {
	for _, path := range []string{c.text("text"), ".impt.auth", "../home/private", "/etc/passwd"} {
		_, err := c.host.SaveProject(ctx, &pluginv1.SaveProjectRequest{DeviceGroupId: "g", DeviceFile: path})
		c.tried("save "+path, "saved", err)
		_, err = c.host.SaveProject(ctx, &pluginv1.SaveProjectRequest{DeviceGroupId: "g", AgentFile: path, KeepOthers: true})
		c.tried("save more "+path, "saved", err)
		p, err := c.host.Project(ctx, &pluginv1.ProjectRequest{})
		c.tried("project "+path, p.GetDeviceFile()+p.GetAgentFile(), err)
		c.touch(ctx, path)
	}
	_, err := c.host.SaveProject(ctx, &pluginv1.SaveProjectRequest{DeviceGroupId: "g", DeviceFile: c.text("out")})
	c.tried("fair", "saved", err)
	return nil
}
