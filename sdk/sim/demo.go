package sim

import (
	"io"
	"strings"
)

// Accounts of the demo seed. Passwords are the user names; DemoOTPUser also
// needs DemoOTP.
const (
	DemoUser     = "demo"
	DemoOTPUser  = "otp"
	DemoOTP      = "123456"
	DemoLoginKey = "de30000000000001" // of DemoUser
)

const demoSeed = `{
  "accounts": [
    {"username": "demo", "email": "demo@example.com", "password": "demo"},
    {"username": "otp", "email": "otp@example.com", "password": "otp", "otp": "123456"}
  ],
  "login_keys": [
    {"id": "de30000000000001", "account": "demo", "description": "demo key"}
  ],
  "devices": [
    {"id": "234776801163a9ee", "name": "demo-1", "owner": "demo", "mac_address": "0c:2a:69:05:0d:62", "agent_id": "demoAgent__1"},
    {"id": "23522f6938a609ee", "name": "demo-2", "owner": "demo", "mac_address": "0c:2a:69:03:ea:f0", "agent_id": "demoAgent__2"}
  ]
}
`

// Demo is a small seed to begin with: two accounts, one of them with a one-time
// password, a login key and two unassigned devices that are online.
func Demo() io.Reader { return strings.NewReader(demoSeed) }
