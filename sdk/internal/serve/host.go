package serve

import (
	"context"
	"fmt"
	"net"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// window is how many bytes may be under way; to name it spares the
// connection its measurements.
const window = 1 << 20

// dial opens the connection to Host in the background, so that it stands
// when the first command asks for something. Without an address, when the
// plugin is only to describe itself, the client is nil.
func dial(address, token string) (pluginv1.HostClient, error) {
	if address == "" {
		return nil, nil
	}
	path, ok := strings.CutPrefix(address, "unix:")
	if !ok {
		return nil, fmt.Errorf("the address of the host is %q, which is no unix socket", address)
	}
	// The dialer takes the path as it is; gRPC would read it as a URL, in
	// which a blank or a per cent sign means something.
	conn, err := grpc.NewClient("passthrough:///host",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithPerRPCCredentials(credential(token)),
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(handshake.MaxMessage),
			grpc.MaxCallSendMsgSize(handshake.MaxMessage)),
		grpc.WithInitialWindowSize(window),
		grpc.WithInitialConnWindowSize(window),
		grpc.WithDisableServiceConfig(),
		grpc.WithDisableRetry(),
		grpc.WithNoProxy())
	if err != nil {
		return nil, fmt.Errorf("dialling the host: %w", err)
	}
	conn.Connect()
	return pluginv1.NewHostClient(conn), nil
}

// credential is the token of the run, which goes with each call.
type credential string

func (c credential) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{handshake.TokenKey: string(c)}, nil
}

// RequireTransportSecurity is false: the socket is guarded by its directory.
func (credential) RequireTransportSecurity() bool { return false }
