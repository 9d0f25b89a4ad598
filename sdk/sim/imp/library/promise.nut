// Promises of the simulator: the interface of the library of that name, written anew.

class Promise {
    static VERSION = "4.0.0";

    _settled = null;   // true: kept, false: broken, null: open.
    _taken = false;    // resolve or reject was called, or a promise is waited for.
    _value = null;
    _waiting = null;

    constructor(action) {
        _waiting = [];
        try {
            action(_resolve.bindenv(this), _reject.bindenv(this));
        } catch (error) {
            _reject(error);
        }
    }

    // The handlers run later, never within then() itself.
    function then(kept = null, broken = null) {
        local self = this;
        return Promise(function(resolve, reject) {
            self._waiting.push([kept, broken, resolve, reject]);
            self._flush();
        });
    }

    function fail(broken) { return then(null, broken); }

    function finally(always) { return then(always, always); }

    static function resolve(value = null) {
        return Promise(function(resolve, reject) { resolve(value); });
    }

    static function reject(reason = null) {
        return Promise(function(resolve, reject) { reject(reason); });
    }

    // Kept with the values of all, in order; broken as soon as one is.
    static function all(series) {
        return Promise(function(resolve, reject) {
            local values = array(series.len()), open = series.len();
            if (open == 0) return resolve(values);
            foreach (i, item in series) {
                local at = i;
                Promise._of(item).then(function(value) {
                    values[at] = value;
                    if (--open == 0) resolve(values);
                }, reject);
            }
        });
    }

    // As the first that is kept or broken.
    static function race(series) {
        return Promise(function(resolve, reject) {
            foreach (item in series) Promise._of(item).then(resolve, reject);
        });
    }

    // One after another; kept with the value of the last.
    static function serial(series) {
        local i = 0;
        return Promise.loop(@() i < series.len(), function() { return Promise._of(series[i++]); });
    }

    // Again and again while goesOn() says so.
    static function loop(goesOn, next) {
        return Promise(function(resolve, reject) {
            local last = null, turn = null;
            turn = function(value) {
                try {
                    last = value;
                    if (!goesOn()) return resolve(last);
                    Promise._of(next()).then(turn, reject);
                } catch (error) {
                    reject(error);
                }
            };
            turn(null);
        });
    }

    // A promise of a promise, of what a function returns, or of a value.
    static function _of(item) {
        if (type(item) == "function") item = item();
        return item instanceof Promise ? item : Promise.resolve(item);
    }

    function _resolve(value = null) {
        if (_taken) return;
        _taken = true;
        if (value instanceof Promise) {
            local self = this;
            value.then(function(inner) { self._settle(true, inner); }, function(reason) { self._settle(false, reason); });
        } else {
            _settle(true, value);
        }
    }

    function _reject(reason = null) {
        if (_taken) return;
        _taken = true;
        _settle(false, reason);
    }

    function _settle(kept, value) {
        _settled = kept;
        _value = value;
        _flush();
    }

    function _flush() {
        if (_settled == null || _waiting.len() == 0) return;
        local waiting = _waiting, kept = _settled, value = _value;
        _waiting = [];
        imp.wakeup(0, function() {
            foreach (entry in waiting) {
                local handler = kept ? entry[0] : entry[1];
                if (handler == null) {
                    (kept ? entry[2] : entry[3])(value);
                    continue;
                }
                try {
                    entry[2](handler(value));
                } catch (error) {
                    entry[3](error);
                }
            }
        });
    }
}
