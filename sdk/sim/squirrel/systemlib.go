package squirrel

import "time"

// systemLibrary are the functions of time. An imp's clock is UTC.
func systemLibrary(r *Table) {
	Define(r, "time", 0, 0, func(c *Call) (Value, error) { return Int(int(c.VM.cfg.Now().Unix())), nil })
	Define(r, "clock", 0, 0, func(c *Call) (Value, error) {
		return Float(c.VM.cfg.Now().Sub(c.VM.began).Seconds()), nil
	})
	Define(r, "date", 0, 2, func(c *Call) (Value, error) {
		at := c.VM.cfg.Now()
		if !c.Arg(0).IsNull() {
			seconds, err := c.Int(0)
			if err != nil {
				return Null, err
			}
			at = time.Unix(int64(seconds), 0)
		}
		at = at.UTC()
		t := NewTable()
		for _, part := range []struct {
			name string
			n    int
		}{
			{"sec", at.Second()}, {"min", at.Minute()}, {"hour", at.Hour()}, {"day", at.Day()},
			{"month", int(at.Month()) - 1}, {"year", at.Year()}, {"wday", int(at.Weekday())}, {"yday", at.YearDay() - 1},
			{"usec", at.Nanosecond() / 1000}, {"time", int(at.Unix())},
		} {
			t.SetString(part.name, Int(part.n))
		}
		return t.Value(), c.VM.charge(700)
	})
}
