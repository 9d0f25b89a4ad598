// Package sim is a simulated impCentral: version 5 of its API as an
// http.Handler, with devices that restart, log and go offline, for the tests of
// whoever talks to impCentral and for trying commands without an account.
//
//	s := sim.New(sim.Config{})
//	server := httptest.NewServer(s.Handler()) // endpoint: server.URL + "/v5"
//	defer func() { s.Close(); server.Close() }()
//	if err := s.Seed(sim.Demo()); err != nil { … }
//
// Close the Sim before the server: it is what ends the log streams that the
// server would wait for.
//
// # What is behind the API
//
// [Sim.Seed] adds entities, [Sim.Save] and [Sim.Load] write and read everything.
// A seed is one JSON object with any of the lists accounts, login_keys,
// products, devicegroups, deployments, devices, webhooks, scripts, access_tokens
// and refresh_tokens. Fields have the names of the API's attributes and
// relationships; unknown ones are refused. Ids, times, hashes, MAC addresses
// and agent ids may be left out. References are ids or names: an account's user
// name or email, a product's name, a group's name or "product/name". What has no
// owner belongs to the first account, an account's password is its user name
// unless another is given, the last deployment of a group is its current one,
// and devices are online unless device_online is false.
//
//	{
//	  "accounts":      [{"username": "ann", "collaborators": ["bob"]}, {"username": "bob", "otp": "123456"}],
//	  "access_tokens": [{"token": "t0ken", "account": "ann"}],
//	  "products":      [{"name": "Home"}],
//	  "devicegroups":  [{"name": "Kitchen", "product": "Home", "type": "development", "env_vars": {"a": 1}}],
//	  "deployments":   [{"devicegroup": "Kitchen", "device_code": "server.log(\"hi\");", "agent_code": "", "tags": ["v1"]}],
//	  "devices":       [{"name": "meter-7", "devicegroup": "Kitchen", "logs": [{"type": "server.log", "msg": "hi"}]},
//	                    {"name": "meter-8", "device_online": false}],
//	  "webhooks":      [{"devicegroup": "Kitchen", "url": "http://127.0.0.1:9/", "event": "deployment"}]
//	}
//
// # Devices
//
// A deployment, an assignment and a restart start the code of a group on its
// devices. What it then does is a [Program]; the default, [Code], runs the
// Squirrel of both sides: the language of an imp (32-bit integers and floats),
// its base, math, string and blob libraries, and of the imp API
//
//   - server.log, error, isconnected, flush, connect, disconnect, restart, sleepfor;
//     save and load in agents, until the next start
//   - imp.wakeup, cancelwakeup, environment, onidle, sleep, reset, deepsleepfor,
//     getsoftwareversion, getmemoryfree, getmacaddress, rssi
//   - hardware.millis, micros, getdeviceid, voltage, lightlevel, wakereason
//   - agent.on and send in devices, device.on, send, isconnected in agents
//   - crypto.equals, http.hash and the like: md5, sha1, sha256, sha512, hmac…
//   - http.jsonencode, jsondecode, base64encode, base64decode, urlencode, urldecode,
//     agenturl, onrequest; requests whose answer is always that nobody was reached
//   - __EI and __VARS, #line, and #require of Promise.lib.nut:4.0.0 and
//     JSONEncoder.class.nut:2.0.0
//
// Pins and buses are missing: code that uses them ends in an error in the log,
// as does code that requires another library. A call that takes too long, too
// deep or too much memory ends as well.
//
// A seed may have scripts instead, the lines that devices log when they start:
//
//	{
//	  "scripts": [{
//	    "device": "meter-7", "reason": "assigned",
//	    "device_code": "session = \"(?P<session>[^\"]*)\"",
//	    "common": {"__IMPUNIT__": 1, "session": "${session}"},
//	    "lines": [
//	      {"type": "status", "msg": "Agent restarted: reload."},
//	      {"after": 2.5, "msg": {"type": "SESSION_START", "message": ""}},
//	      {"after": 0.1, "type": "lastexitcode", "msg": "out of memory"}
//	    ]
//	  }]
//	}
//
// The first script that fits counts. It is for one device, the devices of a
// devicegroup, or all; for one reason of a start ([Deployed], [Assigned] and so
// on) or any; and for code that the regular expressions device_code and
// agent_code match. What a named group of theirs has found stands for ${name} in
// the lines. A message is a text or a JSON object, which gets the members of
// common. Nothing but the lines is logged, after so many seconds each; with
// [Config].Instant at once.
//
// [Sim.Emit] logs a line by hand, [Sim.SetOnline], [Sim.BlinkUp] and [Sim.Bless]
// do what happens to devices outside the API.
//
// # For tests
//
// Ids and tokens follow from [Config].IDSeed and the requests made; time is a
// [Clock], which [ManualClock] lets stand still. [Sim.Requests] tells what
// arrived, [Sim.Inject] makes requests fail, hang or lose their answer,
// [Sim.ExpireTokens] and [Sim.RevokeTokens] spoil logins, [Sim.DropStreams] cuts
// log streams. The Wait methods return when something has happened, so that no
// test has to sleep.
//
// # Not settled
//
// Where the real service's behaviour is not known, Config has a field, or the
// most plain one was chosen: conflicts are 409, wrong passwords 401 on /auth and
// 403 on login keys, unknown filters and attributes 400.
package sim
