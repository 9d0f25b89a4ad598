package imp

import (
	"context"
	"time"

	"github.com/electricimp/impt/sdk/sim/squirrel"
)

// object is a table of the API.
type object struct{ t *squirrel.Table }

func (s *side) object(name string) object {
	t := squirrel.NewTable()
	s.vm.Root().SetString(name, t.Value())
	return object{t}
}

func (o object) def(name string, least, most int, f squirrel.NativeFunc) {
	squirrel.Define(o.t, name, least, most, f)
}

// gives defines functions that take anything and give a constant.
func (o object) gives(v squirrel.Value, names ...string) {
	for _, name := range names {
		o.def(name, 0, -1, func(*squirrel.Call) (squirrel.Value, error) { return v, nil })
	}
}

// define gives a side the API.
func (s *side) define() {
	s.defineServer()
	s.defineImp()
	s.defineCrypto()
	if s.isAgent() {
		s.definePeer("device")
		s.defineHTTP()
	} else {
		s.definePeer("agent")
		s.defineHardware()
	}
	s.constants()
}

func (s *side) constants() {
	for name, n := range map[string]int{
		"ENVIRONMENT_CARD": 0, "ENVIRONMENT_MODULE": 1, "ENVIRONMENT_AGENT": 2,
		"SEND_ERROR_NOT_CONNECTED": 1, "SEND_ERROR_TIMEOUT": 2, "SEND_ERROR_DISCONNECTED": 3, "SEND_ERROR_WOULDBLOCK": 4,
		"SERVER_CONNECTED": 0, "SUSPEND_ON_ERROR": 0, "RETURN_ON_ERROR": 1, "RETURN_ON_ERROR_NO_DISCONNECT": 2,
		"WAIT_TIL_SENT": 0, "WAIT_FOR_ACK": 1,
	} {
		s.vm.SetConst(name, squirrel.Int(n))
	}
}

// maxLine is the longest line of the log; lineSteps what a line counts for, so
// that no function fills the log without end.
const maxLine, lineSteps = 64 << 10, 200

func (s *side) defineServer() {
	o := s.object("server")
	for name, kind := range map[string]string{"log": s.log, "error": s.err} {
		o.def(name, 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
			text, err := c.Text(c.Arg(0))
			if err == nil {
				text = text[:min(len(text), maxLine)]
				c.VM.Spend(lineSteps + len(text)/8)
				s.m.emit(kind, text)
			}
			return squirrel.Int(0), err
		})
	}
	if !s.isAgent() {
		o.gives(squirrel.Bool(true), "isconnected")
		o.gives(squirrel.Int(0), "flush", "setsendtimeoutpolicy", "connect", "disconnect", "onshutdown")
		o.def("sleepfor", 1, 1, s.sleepAndRestart)
		o.def("restart", 0, 0, s.restartNow)
		return
	}
	o.def("restart", 0, 0, s.restartNow)
	o.def("save", 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
		room := 64 << 10
		v, err := copied(c.Arg(0), 0, &room)
		if err == nil {
			s.saved = v
		}
		return squirrel.Int(0), err
	})
	o.def("load", 0, 0, func(*squirrel.Call) (squirrel.Value, error) {
		if s.saved.AsTable() == nil {
			return squirrel.NewTable().Value(), nil
		}
		room := maxMessage
		return copied(s.saved, 0, &room)
	})
}

func (s *side) restartNow(*squirrel.Call) (squirrel.Value, error) {
	s.restart(0)
	return squirrel.Null, errRestart
}

func (s *side) sleepAndRestart(c *squirrel.Call) (squirrel.Value, error) {
	d, err := seconds(c, 0)
	if err != nil {
		return squirrel.Null, err
	}
	s.restart(d)
	return squirrel.Null, errRestart
}

// maxWait is the longest that a timer waits.
const maxWait = 30 * 24 * time.Hour

// seconds is an argument that says how long.
func seconds(c *squirrel.Call, i int) (time.Duration, error) {
	x, err := c.Float(i)
	if err != nil {
		return 0, err
	}
	if x != x || x < 0 { //nolint:gocritic // not a number
		x = 0
	}
	if x > maxWait.Seconds() {
		return maxWait, nil
	}
	return time.Duration(x * float64(time.Second)), nil
}

func (s *side) defineImp() {
	o := s.object("imp")
	environment, version := 1, "impOS of the simulator"
	if s.isAgent() {
		environment = 2
	}
	o.gives(squirrel.Int(environment), "environment")
	o.gives(squirrel.String(version), "getsoftwareversion")
	o.gives(squirrel.Int(maxMemory), "getmemoryfree")
	o.def("wakeup", 2, 2, s.wakeup)
	o.def("cancelwakeup", 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
		if m := c.Arg(0).AsMeta(); m != nil {
			if e, ok := m.Data.(*event); ok {
				e.canceled = true
			}
		}
		return squirrel.Null, nil
	})
	if s.isAgent() {
		return
	}
	o.gives(squirrel.String(s.m.cfg.Device), "getmacaddress")
	o.gives(squirrel.Int(-50), "rssi")
	o.gives(squirrel.Null, "setpowersave", "enableblinkup", "setsendbuffersize", "clearconfiguration")
	o.def("onidle", 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
		fn := c.Arg(0)
		s.m.after(s, 0, func(ctx context.Context) { s.call(ctx, fn) }, fn)
		return squirrel.Null, nil
	})
	o.def("sleep", 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
		d, err := seconds(c, 0)
		s.m.now = s.m.now.Add(d)
		return squirrel.Null, err
	})
	o.def("reset", 0, 0, s.restartNow)
	o.def("deepsleepfor", 1, 1, s.sleepAndRestart)
}

func (s *side) wakeup(c *squirrel.Call) (squirrel.Value, error) {
	d, err := seconds(c, 0)
	if err != nil {
		return squirrel.Null, err
	}
	fn, err := c.Function(1)
	if err != nil {
		return squirrel.Null, err
	}
	e := s.m.after(s, d, func(ctx context.Context) { s.call(ctx, fn) }, fn)
	if e == nil {
		return squirrel.Null, c.Fail("too many timers")
	}
	return (&squirrel.Meta{Name: "timer", Data: e, Methods: squirrel.NewTable()}).Value(), nil
}

// definePeer is the object by which one side reaches the other.
func (s *side) definePeer(name string) {
	o := s.object(name)
	o.def("on", 2, 2, func(c *squirrel.Call) (squirrel.Value, error) {
		message, err := c.String(0)
		if err == nil && len(s.handlers) >= maxPending {
			err = c.Fail("too many handlers")
		}
		if err == nil {
			s.handlers[message] = c.Arg(1)
		}
		return squirrel.Null, err
	})
	o.def("send", 2, 2, func(c *squirrel.Call) (squirrel.Value, error) {
		message, err := c.String(0)
		if err != nil {
			return squirrel.Null, err
		}
		room := maxMessage
		v, err := copied(c.Arg(1), 0, &room)
		if err != nil {
			return squirrel.Null, err
		}
		if !s.m.cfg.Online {
			return squirrel.Int(1), nil
		}
		to := s.other
		if e := s.m.after(to, 0, func(ctx context.Context) { to.call(ctx, to.handlers[message], v) }, v); e == nil {
			return squirrel.Int(1), nil
		}
		return squirrel.Int(0), nil
	})
	if !s.isAgent() {
		return
	}
	o.gives(squirrel.Bool(s.m.cfg.Online), "isconnected")
	o.def("onconnect", 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
		s.connected = c.Arg(0)
		return squirrel.Null, nil
	})
	o.gives(squirrel.Null, "ondisconnect")
}

// patience is how often a function looks at the clock before it moves on.
const patience = 50

func (s *side) defineHardware() {
	o := s.object("hardware")
	o.gives(squirrel.String(s.m.cfg.Device), "getdeviceid")
	o.gives(squirrel.Float(3.3), "voltage")
	o.gives(squirrel.Int(0), "lightlevel", "wakereason")
	// Code that looks at the clock again and again is waiting for it.
	look := func() {
		if s.m.looks++; s.m.looks > patience {
			s.m.now = s.m.now.Add(100 * time.Microsecond)
		}
	}
	o.def("millis", 0, 0, func(*squirrel.Call) (squirrel.Value, error) {
		look()
		return squirrel.Int(int(s.m.now.Sub(s.m.began).Milliseconds())), nil
	})
	o.def("micros", 0, 0, func(*squirrel.Call) (squirrel.Value, error) {
		look()
		return squirrel.Int(int(s.m.now.Sub(s.m.began).Microseconds())), nil
	})
}
