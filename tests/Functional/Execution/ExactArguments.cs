using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A shared pool with the tools of <c>python/typed_values.py</c>.</summary>
public sealed class TypedPool<T>() : SharedPool(Probe.Over<T>(Probe.Options with { Adapter = "typed_values" }))
    where T : ITestTransport;

/// <summary>Tests that arguments arrive as their annotations tell, with nothing lost, or are refused with their path.</summary>
public abstract class ExactArguments<T>(TypedPool<T> typed) : IClassFixture<TypedPool<T>>
    where T : ITestTransport
{
    private sealed record Item(string Article, double Price);

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

    [PythonTheory]
    [MemberData(nameof(Numbers), DisableDiscoveryEnumeration = true)]
    public Task A_number_arrives_as_the_type_that_was_sent_and_that_the_annotation_names(string tool, object? given, string seen) =>
        Arrives(tool, given, seen);

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

    [PythonTheory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public Task A_value_arrives_as_what_the_annotation_names(string tool, object? given, string seen) => Arrives(tool, given, seen);

    private async Task Arrives(string tool, object? given, string seen)
    {
        var arguments = new Dictionary<string, object?> { ["given"] = given };
        Assert.Equal(seen, await typed.Pool.ExecuteAsync<string>(tool, arguments).InTime());
    }

    [PythonFact]
    public async Task Objects_become_dataclasses_with_converted_fields()
    {
        object[] orders =
            [new { article = "a", price = 1, tags = new[] { "x" } }, new { article = "b", price = 2.5, parent = new Item("c", 3) }];
        Assert.Equal(
            "[Order(article='a', price=1.0, tags={'x'}, parent=None), "
            + "Order(article='b', price=2.5, tags=set(), parent=Order(article='c', price=3.0, tags=set(), parent=None))]",
            await typed.Pool.ExecuteAsync<string>("as_orders", new { orders }).InTime());
    }

    [PythonFact]
    public async Task A_decimal_parameter_leaves_other_parameters_their_floats() => Assert.Equal(
        "Decimal('0.1') [0.5, {'a': 1.0}]",
        await typed.Pool.ExecuteAsync<string>("as_decimal", new { given = 0.1m, other = new object[] { 0.5, new { a = 1.0 } } }).InTime());

    [PythonFact]
    public async Task Arguments_of_a_rest_parameter_are_converted() => Assert.Equal(
        "{'a': 1.0, 'b': 2.5}", await typed.Pool.ExecuteAsync<string>("as_rest", new { a = 1, b = 2.5 }).InTime());

    public static TheoryData<string, object?, string> Misfits => new()
    {
        { "as_float", true, "'given' must be float, got bool (True)" },
        { "as_float", (1L << 60) + 1, "'given' must be float, got int (1152921504606846977): a float cannot hold all its digits" },
        { "as_floats", new object?[] { 1.0, null }, "'given[1]' must be float, got NoneType (None)" },
        { "as_floats", new object?[] { 1.0, new[] { 2 } }, "'given[1]' must be float, got list ([2])" },
        { "as_integers", new object?[] { 1, true }, "'given[1]' must be int, got bool (True)" },
        { "as_integers", new object?[] { 1, 2.0 }, "'given[1]' must be int, got float (2.0)" },
        { "as_table", new { a = new object[] { 1, "2" } }, "'given.a[1]' must be float, got str ('2')" },
        { "as_numbered", new { one = "a" }, "'given.one' must be int, got str ('one'): the key is a text that is no such value" },
        { "as_numbered", new Dictionary<string, string> { ["01"] = "a" }, "must be int, got str ('01')" },
        { "as_weighted", new Dictionary<string, string> { ["1"] = "a", ["1.0"] = "b" }, "two of its keys become 1.0" },
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

    [PythonTheory]
    [MemberData(nameof(Misfits), DisableDiscoveryEnumeration = true)]
    public async Task A_value_that_does_not_convert_is_refused_with_its_path(string tool, object? given, string fault)
    {
        var arguments = new Dictionary<string, object?> { ["given"] = given };
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => typed.Pool.ExecuteAsync(tool, arguments).InTime());
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        await typed.AssertStillUsable();
    }

    [PythonFact]
    public async Task A_fault_inside_objects_is_named_with_its_path()
    {
        object[] orders = [new Item("a", 1), new { article = "b", price = "2" }];
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => typed.Pool.ExecuteAsync("as_orders", new { orders }).InTime());
        Assert.Contains("'orders[1].price' must be float, got str ('2')", refused.Message, StringComparison.Ordinal);
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json, new() { MaxDepth = 5_000 }).RootElement;

    public static TheoryData<object, string> Unsendable => new()
    {
        { new { orders = new[] { new { price = 1.0 }, new { price = double.NaN } } }, "at orders[1].price (" },
        { new { a = new object[] { 1, new[] { float.PositiveInfinity } } }, "at a[1][0] (" },
        { new { a = new { text = "half \ud83d" } }, "at a.text (a text has a lone surrogate, U+D83D, at position 5)" },
        { new { a = new[] { "fine 🐍", "\udc00" } }, "at a[1] (a text has a lone surrogate, U+DC00, at position 0)" },
        { new { a = '\ud800' }, "at a (a text has a lone surrogate" },
        { new { a = new Dictionary<string, int> { ["\ud83dx"] = 1 } }, "at a (a text has a lone surrogate, U+D83D, at position 0)" },
        { new { a = Json("""{"b":[1,1e400]}""") }, "at a.b[1] (1e400 is too large for a float)" },
        { new { a = JsonNode.Parse("""{"b":[1,-1E999]}""") }, "at a.b[1] (-1E999 is too large for a float)" },
        { new { a = Json("""[{"b":1,"c":2,"b":3}]""") }, "at a[0] (the name \"b\" is there twice)" },
        { new { a = JsonNode.Parse("""[{"b":1,"b":3}]""") }, "at a[0] (" },
        { Json("""{"a":{"b":1,"b":2}}"""), "at a (the name \"b\" is there twice)" },
        { new { a = Json("""["\ud83d"]""") }, "at a[0] (a text has a lone surrogate" },
        { new { a = Json("""[{"\ud83d":1}]""") }, "at a[0] (a name has a lone surrogate" },
    };

    [PythonTheory]
    [MemberData(nameof(Unsendable), DisableDiscoveryEnumeration = true)]
    public async Task Arguments_that_would_change_on_their_way_are_refused_with_their_path_before_they_are_sent(
        object arguments, string fault)
    {
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => typed.Pool.ExecuteAsync("as_rest", arguments).InTime());
        Assert.Contains("cannot be written as JSON", refused.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Json_options_of_the_application_lose_nothing_either()
    {
        var options = Probe.Over<T>() with { Adapter = "typed_values", Workers = 1, Json = new JsonSerializerOptions() };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Assert.Equal("-0.0", await pool.ExecuteAsync<string>("as_anything", new { given = -0.0 }).InTime());
        await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("as_anything", new { given = "\ud83d" }).InTime());
    }
}

public sealed class ExactArgumentsOverGrpc(TypedPool<OverGrpc> typed) : ExactArguments<OverGrpc>(typed);

public sealed class ExactArgumentsOverDirect(TypedPool<OverDirect> typed) : ExactArguments<OverDirect>(typed);
