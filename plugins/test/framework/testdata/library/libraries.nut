// Stand-ins for the two libraries that the framework requires, as far as its tests go.

JSONEncoder <- class {};

Promise <- class {
    _done = null;      // true: kept, false: broken, null: open.
    _value = null;
    _waiting = null;

    constructor(action) {
        _waiting = [];
        local self = this;
        try {
            action(function(value = null) { self._settle(true, value); }, function(reason = null) { self._settle(false, reason); });
        } catch (error) {
            _settle(false, error);
        }
    }

    static function resolve(value) {
        return Promise(function(resolve, reject) { resolve(value); });
    }

    static function reject(reason) {
        return Promise(function(resolve, reject) { reject(reason); });
    }

    function then(kept, broken = null) {
        local self = this;
        return Promise(function(resolve, reject) {
            self._waiting.push({ kept = kept, broken = broken, resolve = resolve, reject = reject });
            self._flush();
        });
    }

    function fail(broken) {
        return then(null, broken);
    }

    function _settle(done, value) {
        if (_done != null) return;
        if (done && value instanceof Promise) {
            local self = this;
            value.then(function(inner) { self._settle(true, inner); }, function(reason) { self._settle(false, reason); });
            return;
        }
        _done = done;
        _value = value;
        _flush();
    }

    function _flush() {
        if (_done == null) return;
        local done = _done, value = _value;
        foreach (entry in _waiting) {
            local waits = entry;
            imp.wakeup(0, function() {
                local handler = done ? waits.kept : waits.broken;
                if (handler == null) return (done ? waits.resolve : waits.reject)(value);
                try {
                    waits.resolve(handler(value));
                } catch (error) {
                    waits.reject(error);
                }
            });
        }
        _waiting = [];
    }
};
