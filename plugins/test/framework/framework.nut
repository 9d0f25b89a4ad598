#require "Promise.lib.nut:4.0.0"
#require "JSONEncoder.class.nut:2.0.0"

// The test framework that impt puts in front of the code under test: ImpTestCase, the base of test classes,
// and ImpUnitRunner, which runs them and reports by server.log(). Same interface as impUnit 1.2.3.
// Existing tests count on the two libraries above, whether or not the framework needs them.

function __module_impUnit() {

    // What concatenation makes of null differs from one impOS to the next.
    local text = function(value) {
        return value == null ? "null" : "" + value;
    };

    // A message of the test's own is a format string too, but it may hold a lone % as well.
    local failure = function(message, standard, values) {
        local args = [this, message == null ? standard : text(message)];
        foreach (value in values) args.push(text(value));
        try {
            return format.pacall(args);
        } catch (error) {
            return args[1];
        }
    };

    // JSON that every decoder takes, whatever a test returns or throws: one undecodable line ends the session.
    local json = {
        room = 0,

        function encode(value) {
            // Logs are no place for more; and strings of 64 KB and up break on devices, where escapes make six of one.
            room = 8192;
            return any(value, []);
        },

        // within: the containers around the value, outermost first.
        function any(value, within) {
            local kind = type(value), depth = within.len(), list = kind == "array", result = "";
            if (kind == "null") return "null";
            // Only nan and the infinities are not zero away from themselves; JSON has no numbers for them.
            if (kind == "bool" || kind == "integer" || kind == "float" && value - value == 0.0) return value.tostring();
            if (typeof value == "blob") return string("(blob : " + value.len() + " bytes)");
            local names = kind == "instance" ? value.getclass() : value;
            if (!list && kind != "table" && type(names) != "class") return string(text(value));
            // Metamethods and serializers are the test's code and may throw.
            try {
                // As a string, since nobody checked that it is JSON.
                if (kind == "instance" && "_serializeRaw" in value) return string(text(value._serializeRaw()));
                if (depth >= 32 || within.find(value) != null) return string("...");
                within.push(value);
                if (kind == "instance" && "_serialize" in value) result = any(value._serialize(), within);
                else {
                    foreach (key, member in names) {
                        if (type(names) == "class" && type(member) == "function") continue;
                        if (result != "") result += ",";
                        room -= 4;
                        if (room <= 0) {
                            result += list ? "\"...\"" : "\"...\":\"...\"";
                            break;
                        }
                        result += (list ? "" : string(text(key)) + ":") + any(value[key], within);
                    }
                    result = list ? "[" + result + "]" : "{" + result + "}";
                }
            } catch (error) {
                result = string("(" + kind + ")");
            }
            within.resize(depth);
            return result;
        },

        function string(value) {
            local end = value.len(), result = "\"", from = 0, i = 0;
            if (end > room) end = room > 0 ? room : 0;
            while (i < end) {
                local c = value[i] & 0xFF, width = c < 0x80 ? 1 : utf8(value, i, c);
                if (width && c >= 0x20 && c != '"' && c != '\\') {
                    i += width;
                    continue;
                }
                result += value.slice(from, i);
                result += c >= 0x80 ? "\\ufffd" : c < 0x20 ? format("\\u%04x", c) : "\\" + c.tochar();
                from = ++i;
            }
            room -= i;
            return result + value.slice(from, i) + (i < value.len() ? "...\"" : "\"");
        },

        // Bytes of the UTF-8 character that starts with c at i; 0 if it is none.
        function utf8(value, i, c) {
            local width = c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
            if (width == 0 || i + width > value.len()) return 0;
            for (local k = 1; k < width; k++) if ((value[i + k] & 0xC0) != 0x80) return 0;
            local next = value[i + 1] & 0xFF;
            // Overlong forms, surrogates, and what lies beyond Unicode.
            if (c == 0xE0 && next < 0xA0 || c == 0xED && next > 0x9F || c == 0xF0 && next < 0x90 || c == 0xF4 && next > 0x8F) return 0;
            return width;
        }
    };

    // The one way out: impt looks for __IMPUNIT__ in the device's log.
    local send = function(kind, message, runner) {
        if (runner && runner.readableOutput) {
            server.log("[impUnit:" + kind + "] " + (type(message) == "string" ? message : json.encode(message)));
        } else {
            server.log("{\"__IMPUNIT__\":1,\"type\":\"" + kind + "\",\"session\":" + json.encode(runner && runner.session)
                + ",\"message\":" + json.encode(message) + "}");
        }
    };

    local deep = {
        standard = "Comparison failed on '%s': expected %s, got %s",

        // Throws if other differs from the value; the way back, from what was got, finds what nobody expected.
        function compare(value, other, message, path, depth, back) {
            if (depth > 32) throw "Possible cyclic reference at " + path;
            if (typeof value != typeof other) {
                throw "Values are not the same type, typeof lhs = " + typeof value + ", typeof rhs = " + typeof other;
            }
            local kind = type(value);
            if (typeof value == "blob") {
                if (value.len() != other.len()) {
                    throw format("Blob lengths unequal, lhs.len() == %d, rhs.len() == %d", value.len(), other.len());
                }
                if (!crypto.equals(value, other)) {
                    throw format("Blobs are the same length (%d bytes), but the contents are not identical.", value.len());
                }
            } else if (kind == "table" || kind == "class" || kind == "array") {
                foreach (key, member in value) {
                    local at = depth ? path + "." + key : "" + key;
                    if (key in other) compare(member, other[key], message, at, depth + 1, back);
                    else throw failure(message, standard, back ? [at, "none", member] : [at, member, "none"]);
                }
            } else if (value != other) {
                throw failure(message, standard, [path, value, other]);
            }
        }
    };

    // Tests derive from it, so it has no member that the interface does not name.
    local ImpTestCase = class {
        runner = null;
        session = null;
        assertions = 0;

        function assertTrue(condition, message = null) {
            assertions++;
            if (!condition) throw message == null ? "Failed to assert that condition is true" : message;
        }

        function assertEqual(expected, actual, message = null) {
            assertions++;
            if (expected != actual) throw failure(message, "Expected value: %s, got: %s", [expected, actual]);
        }

        function assertGreater(actual, cmp, message = null) {
            assertions++;
            if (!(actual > cmp)) throw failure(message, "Failed to assert that %s > %s", [actual, cmp]);
        }

        function assertLess(actual, cmp, message = null) {
            assertions++;
            if (!(actual < cmp)) throw failure(message, "Failed to assert that %s < %s", [actual, cmp]);
        }

        function assertClose(expected, actual, maxDiff, message = null) {
            assertions++;
            // Not math.fabs(): a float of an imp holds 24 bits, an integer 32.
            local diff = expected - actual;
            if (!(diff <= maxDiff && -diff <= maxDiff)) {
                throw failure(message, "Expected value: %s±%s, got: %s", [expected, maxDiff, actual]);
            }
        }

        function assertBetween(actual, min, max, message = null) {
            assertions++;
            if (min > max) {
                local low = max;
                max = min;
                min = low;
            }
            if (!(actual >= min && actual <= max)) {
                throw failure(message, "Expected value the range of %s..%s, got %s", [min, max, actual]);
            }
        }

        function assertDeepEqual(expected, actual, message = null) {
            assertions++;
            deep.compare(expected, actual, message, "", 0, false);
            deep.compare(actual, expected, message, "", 0, true);
        }

        function assertThrowsError(fn, ctx, args = [], message = null) {
            assertions++;
            local call = [ctx];
            call.extend(args);
            try {
                // Not acall(): it shows the error to the VM's error handler although it is caught here.
                fn.pacall(call);
            } catch (error) {
                return error;
            }
            throw message == null ? "Function was expected to throw an error" : message;
        }

        function info(message = "") {
            send("INFO", { message = message }, runner);
        }

        // Asks impt to run the command on the computer; does not wait for it.
        function runCommand(command = "") {
            send("EXTERNAL_COMMAND", { command = command }, runner);
        }
    };

    local ImpUnitRunner = class {
        timeout = 2;
        readableOutput = true;
        stopOnFailure = false;
        session = null;
        testClass = "";
        testCase = "";
        tests = 0;
        assertions = 0;
        failures = 0;

        _steps = null;   // What is left to run, last first, as { name, cls, method }.
        _name = null;    // Of the class in work.
        _case = null;    // Its instance.
        _waits = 0;      // Changes when a wait ends, so that whatever comes later finds itself late.
        _timer = null;

        function run() {
            send("SESSION_START", "", this);
            _steps = [];
            foreach (name, cls in getroottable()) {
                if (type(cls) != "class" || testClass != "" && testClass != name) continue;
                local up = cls.getbase();
                while (up != null && up != ImpTestCase) up = up.getbase();
                if (up == null) continue;
                local methods = [];
                foreach (key, member in cls) {
                    if (type(key) == "string" && key.find("test") == 0 && type(member) == "function"
                        && (testCase == "" || testCase == key)) methods.push(key);
                }
                methods.sort();
                if ("setUp" in cls) methods.insert(0, "setUp");
                if ("tearDown" in cls) methods.push("tearDown");
                foreach (method in methods) _steps.push({ name = name, cls = cls, method = method });
            }
            _steps.reverse();
            _next();
        }

        // A loop, not a chain of calls: the stack of a device is short.
        function _next() {
            while (_steps.len()) if (!_step(_steps.pop())) return;
            send("SESSION_RESULT", { tests = tests, assertions = assertions, failures = failures }, this);
        }

        // Returns false if the step's outcome is still to come; _next() is called then.
        function _step(step) {
            if (step.name != _name) _case = null;
            _name = step.name;
            // Memory is short, and the rubbish of one test should not fail another.
            try { collectgarbage(); } catch (error) {}
            send("TEST_START", _name + "::" + step.method + "()", this);
            if (step.method.find("test") == 0) tests++;
            local before = 0, failed = false, result = null, start = _millis();
            try {
                if (_case == null) {
                    _case = step.cls();
                    _case.runner = this;
                    _case.session = session;
                }
                before = _case.assertions;
                result = _case[step.method]();
            } catch (error) {
                failed = true;
                result = error;
            }
            if (!failed && "Promise" in getroottable() && type(::Promise) == "class" && result instanceof ::Promise) {
                _wait(result, before);
                return false;
            }
            local took = (_millis() - start) / 1000.0;
            if (!failed && took > timeout) {
                failed = true;
                result = "Test took " + took + "s, longer than timeout of " + timeout + "s";
            }
            _done(failed, result, before);
            return true;
        }

        function _wait(promise, before) {
            local wait = _waits;
            local settle = function(failed, result, before) {
                if (wait != _waits) return;
                _waits++;
                imp.cancelwakeup(_timer);
                _done(failed, result, before);
                _next();
            }.bindenv(this);
            _timer = imp.wakeup(timeout, function() {
                // Assertions of a test that never came to its end do not count.
                settle(true, "Test timed out after " + timeout + "s", _case.assertions);
            }.bindenv(this));
            promise.then(function(value = null) {
                settle(false, value, before);
            }, function(reason = null) {
                settle(true, reason, before);
            });
        }

        function _done(failed, result, before) {
            if (_case != null) assertions += _case.assertions - before;
            if (failed) failures++;
            send(failed ? "TEST_FAIL" : "TEST_OK", result, this);
            if (failed && stopOnFailure) _steps.clear();
        }

        // Differences only: seconds since 1970 as milliseconds overflow an integer, and wrap around.
        function _millis() {
            try {
                return hardware.millis();
            } catch (error) {
                return time() * 1000;   // Agents have no hardware.
            }
        }
    };

    return {
        ImpTestCase = ImpTestCase,
        ImpUnitRunner = ImpUnitRunner,

        // Says how far the code has come before the runner starts. No test catches an error out here, and the
        // log shows only its text: an error after the mark of the beginning and before that of the end was fatal,
        // and a second beginning is a restart. Other tools ignore messages of the type DEBUG.
        mark = function(state, session = null) {
            send("DEBUG", { state = state }, { session = session, readableOutput = false });
        }
    };
}

__module_impUnit_exports <- __module_impUnit();
ImpTestCase <- __module_impUnit_exports.ImpTestCase;
ImpUnitRunner <- __module_impUnit_exports.ImpUnitRunner;
