package wire

import (
	"context"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Report shows a line of a report.
func (h Host) Report(ctx context.Context, r *pluginv1.ReportRequest) error {
	_, err := h.Client.Report(ctx, r)
	return received(err)
}

// Progress says how far along the command is.
func (h Host) Progress(ctx context.Context, text string) error {
	_, err := h.Client.Progress(ctx, &pluginv1.ProgressRequest{Text: text})
	return received(err)
}

// OpenSources prepares the reading of source code.
func (h Host) OpenSources(ctx context.Context, r *pluginv1.OpenSourcesRequest) (*pluginv1.OpenSourcesResponse, error) {
	answer, err := h.Client.OpenSources(ctx, r)
	return answer, received(err)
}

// ReadSource reads source code.
func (h Host) ReadSource(ctx context.Context, r *pluginv1.ReadSourceRequest) (*pluginv1.ReadSourceResponse, error) {
	answer, err := h.Client.ReadSource(ctx, r)
	return answer, received(err)
}

// SourceVariable returns an environment variable.
func (h Host) SourceVariable(ctx context.Context, sources, name string) (*pluginv1.SourceVariableResponse, error) {
	answer, err := h.Client.SourceVariable(ctx, &pluginv1.SourceVariableRequest{Sources: sources, Name: name})
	return answer, received(err)
}

// SourcesLock returns the versions of what was read.
func (h Host) SourcesLock(ctx context.Context, r *pluginv1.SourcesLockRequest) ([]byte, error) {
	answer, err := h.Client.SourcesLock(ctx, r)
	return answer.GetLock(), received(err)
}

// FindFiles finds files below the working directory.
func (h Host) FindFiles(ctx context.Context, pattern string) ([]string, error) {
	answer, err := h.Client.FindFiles(ctx, &pluginv1.FindFilesRequest{Pattern: pattern})
	return answer.GetPaths(), received(err)
}

// Execute runs a command line of the user's.
func (h Host) Execute(ctx context.Context, r *pluginv1.ExecuteRequest) (*pluginv1.ExecuteResponse, error) {
	answer, err := h.Client.Execute(ctx, r)
	return answer, received(err)
}
