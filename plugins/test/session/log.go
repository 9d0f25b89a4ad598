package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk"
)

// Entry is a line of a device's log.
type Entry struct {
	Device string
	Time   time.Time // zero if that cannot be read
	Type   string
	Text   string

	raw string
}

// Parse reads a line as a log stream has it.
func Parse(line []byte) (Entry, error) {
	var e struct {
		Device string `json:"device_id"`
		TS     string `json:"ts"`
		Type   string `json:"type"`
		Msg    string `json:"msg"`
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return Entry{}, fmt.Errorf("reading the log: %w", err)
	}
	at, err := time.Parse(time.RFC3339, e.TS)
	if err != nil {
		at = time.Time{}
	}
	return Entry{e.Device, at, e.Type, e.Msg, string(line)}, nil
}

var (
	space      = regexp.MustCompile(`(Out of space)?.*?([\d.]+)% program storage used`)
	outOfSpace = "Device is out of code space"
	isMessage  = "__IMPUNIT__"
)

// Take goes on with a line of the log that has come now.
func (x *Session) Take(ctx context.Context, e Entry, now time.Time) error {
	if err := x.detail(ctx, "TestLogsParser", "Log line received: %s", e.raw); err != nil {
		return err
	}
	if !e.Time.IsZero() {
		if err := x.expireAt(ctx, e.Time); err != nil {
			return err
		}
		x.Result.clock(e.Time)
	}
	if x.over {
		return nil
	}
	switch e.Type {
	case "status":
		return x.status(ctx, e)
	case "lastexitcode":
		if strings.Contains(e.Text, "out of memory") {
			return x.trouble(ctx, "Device is out of memory")
		}
		return x.trouble(ctx, "Device Error: "+e.Text)
	case "server.log", "agent.log":
		if strings.HasPrefix(e.Type, "agent") == x.settings.OnAgent && strings.Contains(e.Text, isMessage) {
			return x.message(ctx, e, now)
		}
		return nil
	case "server.error", "agent.error":
		return x.runtimeError(ctx, e)
	case "powerstate":
		return x.info(ctx, "Powerstate: %s", e.Text)
	case "firmware":
		return x.info(ctx, "Firmware: %s", e.Text)
	}
	return x.unknown(ctx, e)
}

func (x *Session) unknown(ctx context.Context, e Entry) error {
	return x.info(ctx, "Message of type %s: %s", e.Type, e.Text)
}

// status is what the platform says of the device.
func (x *Session) status(ctx context.Context, e Entry) error {
	switch used := space.FindStringSubmatch(e.Text); {
	case strings.Contains(e.Text, "Agent restarted"):
		if x.state == initialized {
			x.state = ready
		}
	case used != nil:
		return x.spaceUsed(ctx, used)
	case strings.Contains(e.Text, "Device disconnected"):
		if x.settings.AllowDisconnect {
			return x.info(ctx, "Disconnected. Allowed by config.")
		}
		return x.trouble(ctx, "Device disconnected")
	case strings.Contains(e.Text, "Device connected"):
	default:
		return x.unknown(ctx, e)
	}
	return nil
}

func (x *Session) spaceUsed(ctx context.Context, found []string) error {
	if used, err := strconv.ParseFloat(found[2], 64); err == nil && x.usage != found[2] {
		x.usage = found[2]
		if err := x.info(ctx, "Device code space usage: %.1f%%", used); err != nil {
			return err
		}
	}
	if found[1] == "" {
		return nil
	}
	return x.end(ctx, sdk.Test, outOfSpace)
}

// errNoMessage is what is wrong with a line that only looks like a message.
var errNoMessage = errors.New("a message of the tests that is no JSON object")
