package imp

import (
	"context"
	"encoding/base64"
	"net/url"

	"github.com/electricimp/impt/sdk/sim/squirrel"
)

// couldNotConnect is the status that a request has when its host was not
// reached: the code of a simulated agent has no network.
const couldNotConnect = 7

func (s *side) defineHTTP() {
	o := s.object("http")
	o.gives(squirrel.String(s.m.cfg.AgentURL), "agenturl")
	o.gives(squirrel.Null, "onrequest")
	for _, name := range []string{"get", "post", "put", "httpdelete", "request"} {
		o.def(name, 1, 4, func(*squirrel.Call) (squirrel.Value, error) { return s.request(), nil })
	}
	o.def("jsonencode", 1, 2, func(c *squirrel.Call) (squirrel.Value, error) {
		text, err := encodeJSON(c, c.Arg(0))
		return squirrel.String(text), err
	})
	o.def("jsondecode", 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
		text, err := c.String(0)
		if err != nil {
			return squirrel.Null, err
		}
		return decodeJSON(text)
	})
	o.def("base64encode", 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
		data, err := bytesOf(c, 0)
		return squirrel.String(base64.StdEncoding.EncodeToString(data)), err
	})
	o.def("base64decode", 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
		text, err := c.String(0)
		if err != nil {
			return squirrel.Null, err
		}
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return squirrel.Null, c.Fail("invalid base64")
		}
		return squirrel.NewBlob(data).Value(), nil
	})
	o.def("urlencode", 1, 1, urlEncode)
	o.def("urldecode", 1, 1, urlDecode)
	hash := object{squirrel.NewTable()}
	hash.hashes()
	o.t.SetString("hash", hash.t.Value())
}

// request is a request that will not reach anybody.
func (s *side) request() squirrel.Value {
	answer := func() squirrel.Value {
		t := squirrel.NewTable()
		t.SetString("statuscode", squirrel.Int(couldNotConnect))
		t.SetString("headers", squirrel.NewTable().Value())
		t.SetString("body", squirrel.String(""))
		return t.Value()
	}
	var waits *event
	o := object{squirrel.NewTable()}
	o.def("sendsync", 0, 0, func(*squirrel.Call) (squirrel.Value, error) { return answer(), nil })
	o.def("sendasync", 1, 3, func(c *squirrel.Call) (squirrel.Value, error) {
		fn, err := c.Function(0)
		if err != nil {
			return squirrel.Null, err
		}
		waits = s.m.after(s, 0, func(ctx context.Context) { s.call(ctx, fn, answer()) }, fn)
		return squirrel.Null, nil
	})
	o.def("cancel", 0, 0, func(*squirrel.Call) (squirrel.Value, error) {
		if waits != nil {
			waits.canceled = true
		}
		return squirrel.Null, nil
	})
	o.gives(squirrel.Null, "setvalidation", "settimeout")
	return (&squirrel.Meta{Name: "httprequest", Methods: o.t}).Value()
}

func urlEncode(c *squirrel.Call) (squirrel.Value, error) {
	t := c.Arg(0).AsTable()
	if t == nil {
		return squirrel.Null, c.Fail("a table is expected")
	}
	values, err := url.Values{}, error(nil)
	t.Each(func(key, val squirrel.Value) bool {
		var k, v string
		if k, err = c.Text(key); err == nil {
			v, err = c.Text(val)
		}
		values.Add(k, v)
		return err == nil
	})
	return squirrel.String(values.Encode()), err
}

func urlDecode(c *squirrel.Call) (squirrel.Value, error) {
	text, err := c.String(0)
	if err != nil {
		return squirrel.Null, err
	}
	values, err := url.ParseQuery(text)
	if err != nil {
		return squirrel.Null, c.Fail("invalid query")
	}
	all := map[string]any{}
	for k := range values {
		all[k] = values.Get(k)
	}
	return fromGo(all), nil
}
