using System.Collections;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Arguments for the tools of <c>python/typed_values.py</c>, with what Python sees or why they are refused.</summary>
public static class ArgumentSamples
{
    public static TheoryData<string, object?, string> Numbers => new()
    {
        { "as_float", 5.0, "5.0" },
        { "as_float", -0.0, "-0.0" },
        { "as_float", 5, "5.0" },
        { "as_float", 5f, "5.0" },
        { "as_float", (Half)(-0.0), "-0.0" },
        { "as_float", 1e22, "1e+22" },
        { "as_float", 9007199254740994.0, "9007199254740994.0" },
        { "as_float", JsonValue.Create(5.0), "5.0" },
        { "as_float", JsonValue.Create(-0.0), "-0.0" },
        { "as_anything", 5.0, "5.0" },
        { "as_anything", -0.0, "-0.0" },
        { "as_anything", new object[] { 1, 1.0, -0.0f, 0.1, 1e300, 1L << 60 }, "[1, 1.0, -0.0, 0.1, 1e+300, 1152921504606846976]" },
        { "as_anything", JsonSerializer.SerializeToElement(-0.0), "-0.0" },
        { "as_anything", BigInteger.Pow(2, 200), "1606938044258990275541962092341162602522202993782792835301376" },
        { "as_anything", BigInteger.Pow(10, 4299), "1" + new string('0', 4299) },
        { "as_anything", Int128.MaxValue, "170141183460469231731687303715884105727" },
        { "as_anything", (1, "two"), "{'item1': 1, 'item2': 'two'}" },
        { "as_optional", 5.0, "5.0" },
        { "as_optional", null, "None" },
        { "as_number", 5, "5" },
        { "as_number", 5.0, "5.0" },
        { "as_floats", new[] { 1.0, -0.0, 2.5 }, "[1.0, -0.0, 2.5]" },
        { "as_floats", new[] { 1, 2 }, "[1.0, 2.0]" },
        { "as_table", new { a = new[] { 1.0 }, b = new[] { 2 } }, "{'a': [1.0], 'b': [2.0]}" },
        { "as_tuple", new[] { 1.0, 2.0 }, "(1.0, 2.0)" },
        { "as_decimal", 12.50m, "Decimal('12.50') None" },
        { "as_decimal", 79228162514264337593543950335m, "Decimal('79228162514264337593543950335') None" },
        { "as_decimal", "0.10", "Decimal('0.10') None" },
    };

    public static TheoryData<string, object?, string> Others => new()
    {
        { "as_numbered", new Dictionary<int, string> { [1] = "a", [-2] = "b" }, "{1: 'a', -2: 'b'}" },
        { "as_weighted", new Dictionary<double, string> { [0.5] = "a", [2] = "b" }, "{0.5: 'a', 2.0: 'b'}" },
        { "as_set", new HashSet<int> { 3, 1 }, "set [1, 3]" },
        { "as_frozen", new[] { "a" }, "frozenset ['a']" },
        { "as_pair", new object[] { 1, "a" }, "(1, 'a')" },
        { "as_ordered", new { b = 1, a = 2 }, "OrderedDict([('b', 1), ('a', 2)])" },
        { "as_color", 2, "<Color.GREEN: 2>" },
        { "as_color", "RED", "<Color.RED: 1>" },
        { "as_choice", 1, "1" },
        { "as_choice", true, "True" },
        { "as_choice", null, "None" },
        { "as_point", new { x = 1 }, "Point(x=1.0, y=0)" },
        { "as_point", new[] { 1, 2 }, "Point(x=1.0, y=2.0)" },
        { "as_options", new { ratio = 1 }, "{'ratio': 1.0}" },
        { "as_moment", new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Unspecified), "datetime.datetime(2020, 2, 3, 4, 5, 6)" },
        {
            "as_moment", new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc),
            "datetime.datetime(2020, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)"
        },
        { "as_span", new TimeSpan(1, 2, 3, 4, 5), "datetime.timedelta(days=1, seconds=7384, microseconds=5000)" },
        { "as_span", -TimeSpan.FromSeconds(1), "datetime.timedelta(days=-1, seconds=86399)" },
        { "as_uuid", Guid.Empty, "UUID('00000000-0000-0000-0000-000000000000')" },
    };

    public static TheoryData<string, object?, string> Misfits => new()
    {
        { "as_anything", new object[] { 1, new { a = BigInteger.Pow(10, 4300) } }, $"at given[1].a: {TooManyDigits}" },
        { "as_decimal", -BigInteger.Pow(10, 4300), $"at given: {TooManyDigits}" },
        { "as_numbered", new Dictionary<string, string> { ["1" + new string('0', 4300)] = "a" }, TooManyDigits },
        { "as_float", true, "'given' must be float, got bool (True)" },
        { "as_float", (1L << 60) + 1, "'given' must be float, got int (1152921504606846977): a float cannot hold all its digits" },
        { "as_floats", new object?[] { 1.0, null }, "'given[1]' must be float, got NoneType (None)" },
        { "as_floats", new object?[] { 1.0, new[] { 2 } }, "'given[1]' must be float, got an array of int32 with shape (1,)" },
        { "as_integers", new object?[] { 1, true }, "'given[1]' must be int, got bool (True)" },
        { "as_integers", new object?[] { 1, 2.0 }, "'given[1]' must be int, got float (2.0)" },
        { "as_table", new { a = new object[] { 1, "2" } }, "'given.a[1]' must be float, got str ('2')" },
        { "as_numbered", new { one = "a" }, "'given.one' must be int, got str ('one'): the key is a text that is no such value" },
        { "as_numbered", new Dictionary<string, string> { ["01"] = "a" }, "must be int, got str ('01')" },
        {
            "as_weighted", new Dictionary<string, string> { ["1"] = "a", ["1.0"] = "b" },
            "two of its keys are converted to the same key, 1.0"
        },
        { "as_weighted", new Dictionary<string, string> { ["9007199254740993"] = "a" }, "a float cannot hold all its digits" },
        { "as_weighted", new Dictionary<string, string> { ["NaN"] = "a" }, "got str ('NaN'): the key is a text that is no such value" },
        { "as_permission", 9, "'given' must be Permission, got int (9): " },
        { "as_set", new[] { 1, 1 }, "an item is there twice" },
        { "as_pair", new object[] { 1, "a", 2 }, "'given' must be tuple[int, str], got list ([1, 'a', 2]): it has 3 items instead of 2" },
        { "as_pair", new object[] { 1, 2 }, "'given[1]' must be str, got int (2)" },
        { "as_color", 3, "'given' must be Color, got int (3)" },
        { "as_choice", 1.0, "'given' must be Literal['fast', 1, True, None], got float (1.0)" },
        { "as_point", new { x = 1, z = 2 }, "'given' must be Point, got dict ({'x': 1, 'z': 2}): unexpected 'z'" },
        { "as_moment", "2020-01-01T00:00:00.1234567", "digits below one microsecond" },
        { "as_moment", "yesterday", "'given' must be datetime, got str ('yesterday')" },
        { "as_bytes", "AAAA", "base64.b64decode" },
    };

    public static TheoryData<object, string> Unsendable => new()
    {
        { new { a = new { text = "half \ud83d" } }, "at a.text (a text has a lone surrogate, U+D83D, at position 5)" },
        { new { a = new[] { "fine 🐍", "\udc00" } }, "at a[1] (a text has a lone surrogate, U+DC00, at position 0)" },
        { new { a = '\ud800' }, "at a (a text has a lone surrogate" },
        { new { a = new Dictionary<string, int> { ["\ud83dx"] = 1 } }, "at a (a text has a lone surrogate, U+D83D, at position 0)" },
        { new { a = Json("""{"b":[1,1e400]}""") }, "at a.b[1] (1e400 is too large for a float)" },
        { new { a = JsonNode.Parse("""{"b":[1,-1E999]}""") }, "at a.b[1] (-1E999 is too large for a float)" },
        { new { a = Json("""{"b":[0.0,0e-5,1e-400]}""") }, "at a.b[2] (1e-400 is too small for a float, which would be 0)" },
        { new { a = JsonNode.Parse("""[-0.001E-999]""") }, "at a[0] (-0.001E-999 is too small for a float" },
        { new { a = new Dictionary<object, object> { [1] = 1, ["1"] = 2 } }, "at a (the object has two properties with the name \"1\")" },
        {
            new { a = new[] { new Hashtable(), new Hashtable { [1.0] = 1, [1] = 2 } } },
            "at a[1] (the object has two properties with the name \"1\")"
        },
        { new { a = new { b = new Twice<string>("k") } }, "at a.b (the object has two properties with the name \"k\")" },
        { new Twice<string>("k"), "as JSON (the object has two properties with the name \"k\")" },
        {
            new { a = new object[] { 5, new { b = new Twice<int>(3), c = 1 } } },
            "at a[1].b (the object has two properties with the name \"3\")"
        },
        {
            new { a = new Dictionary<string, int>(ReferenceEqualityComparer.Instance) { ["k"] = 1, [new string('k', 1)] = 2 } },
            "at a (the object has two properties with the name \"k\")"
        },
        { new { a = new WithMore { Own = 1, More = { ["own"] = 2 } } }, "at a (the object has two properties with the name \"own\")" },
        {
            new { a = new Dictionary<string, object> { ["x"] = new WrittenTwice() } },
            "at a.x (the object has two properties with the name \"twice\")"
        },
        { new { a = Json("""[{"b":1,"c":2,"b":3}]""") }, "at a[0] (the object has two properties with the name \"b\")" },
        { new { a = JsonNode.Parse("""[{"b":1,"b":3}]""") }, "at a[0] (" },
        { Json("""{"a":{"b":1,"b":2}}"""), "at a (the object has two properties with the name \"b\")" },
        { new { a = Json("""["\ud83d"]""") }, "at a[0] (a text has a lone surrogate" },
        { new { a = Json("""[{"\ud83d":1}]""") }, "at a[0] (a name has a lone surrogate" },
    };

    private const string TooManyDigits = "an integer of 4,301 digits is over Python's limit of 4,300 (see sys.set_int_max_str_digits)";

    private static JsonElement Json(string json) => JsonDocument.Parse(json, new() { MaxDepth = 5_000 }).RootElement;

    private sealed class WithMore
    {
        public int Own { get; set; }

        [JsonExtensionData]
        public Dictionary<string, object> More { get; } = [];
    }

    /// <summary>A dictionary of the application's own, which gives a key twice.</summary>
    private sealed class Twice<TKey>(TKey key) : IReadOnlyDictionary<TKey, int>
    {
        public int Count => 2;

        public IEnumerable<TKey> Keys => [key, key];

        public IEnumerable<int> Values => [1, 2];

        public int this[TKey wanted] => 1;

        public bool ContainsKey(TKey wanted) => true;

        public bool TryGetValue(TKey wanted, out int value)
        {
            value = 1;
            return true;
        }

        public IEnumerator<KeyValuePair<TKey, int>> GetEnumerator() => Keys.Zip(Values, KeyValuePair.Create).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [JsonConverter(typeof(TwiceConverter))]
    private sealed class WrittenTwice;

    private sealed class TwiceConverter : JsonConverter<WrittenTwice>
    {
        public override WrittenTwice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, WrittenTwice value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("twice", 1);
            writer.WriteNumber("twice", 2);
            writer.WriteEndObject();
        }
    }
}
