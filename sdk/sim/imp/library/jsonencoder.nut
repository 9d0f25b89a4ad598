// JSON for the simulator: the interface of the library of that name, written anew.

class JSONEncoder {
    static VERSION = "2.0.0";

    static function encode(value) { return JSONEncoder._any(value, 0); }

    static function _any(value, depth) {
        if (depth > 32) throw "Possible cyclic reference";
        switch (type(value)) {
            case "null":
                return "null";
            case "bool":
            case "integer":
            case "float":
                return value.tostring();
            case "array":
                local items = "";
                foreach (item in value) items += (items == "" ? "" : ",") + JSONEncoder._any(item, depth + 1);
                return "[" + items + "]";
            case "instance":
                if ("_serializeRaw" in value) return value._serializeRaw().tostring();
                if ("_serialize" in value) return JSONEncoder._any(value._serialize(), depth + 1);
                return JSONEncoder._members(value.getclass(), value, depth);
            case "table":
            case "class":
                return JSONEncoder._members(value, value, depth);
            default:
                return JSONEncoder._string("" + value);
        }
    }

    static function _members(names, value, depth) {
        local members = "";
        foreach (name, member in names) {
            if (type(member) == "function") continue;
            members += (members == "" ? "" : ",") + JSONEncoder._string("" + name) + ":" + JSONEncoder._any(value[name], depth + 1);
        }
        return "{" + members + "}";
    }

    static function _string(text) {
        local result = "\"";
        foreach (c in text) {
            local byte = c & 0xFF;
            if (byte == '"' || byte == '\\') result += "\\" + byte.tochar();
            else if (byte < 0x20) result += format("\\u%04x", byte);
            else result += byte.tochar();
        }
        return result + "\"";
    }
}
