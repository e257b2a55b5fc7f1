using System.Text.Json;
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

    [PythonTheory]
    [MemberData(nameof(ArgumentSamples.Numbers), MemberType = typeof(ArgumentSamples), DisableDiscoveryEnumeration = true)]
    public Task A_number_arrives_as_the_type_that_was_sent_and_that_the_annotation_names(string tool, object? given, string seen) =>
        Arrives(tool, given, seen);

    [PythonTheory]
    [MemberData(nameof(ArgumentSamples.Others), MemberType = typeof(ArgumentSamples), DisableDiscoveryEnumeration = true)]
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

    [PythonTheory]
    [MemberData(nameof(ArgumentSamples.Misfits), MemberType = typeof(ArgumentSamples), DisableDiscoveryEnumeration = true)]
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

    [PythonTheory]
    [MemberData(nameof(ArgumentSamples.Unsendable), MemberType = typeof(ArgumentSamples), DisableDiscoveryEnumeration = true)]
    public async Task Arguments_that_would_change_on_their_way_are_refused_with_their_path_before_they_are_sent(
        object arguments, string fault)
    {
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => typed.Pool.ExecuteAsync("as_rest", arguments).InTime());
        Assert.Contains("cannot be written as JSON", refused.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(JsonSerializerDefaults.General)]
    [InlineData(JsonSerializerDefaults.Web)] // numbers may be texts, and names are compared without case
    public async Task Json_options_of_the_application_lose_nothing_either(JsonSerializerDefaults defaults)
    {
        var options = Probe.Over<T>() with { Adapter = "typed_values", Workers = 1, Json = new JsonSerializerOptions(defaults) };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Task<TResult> Same<TResult>(object given) => pool.ExecuteAsync<TResult>("same", new { given }).InTime();

        Assert.Equal("-0.0", await pool.ExecuteAsync<string>("as_anything", new { given = -0.0 }).InTime());
        Assert.Equal("5.0", await pool.ExecuteAsync<string>("as_anything", new { given = 5.0 }).InTime());
        await Assert.ThrowsAsync<ResultConversionException>(() => Same<double>((1L << 53) + 1));
        await Assert.ThrowsAsync<ResultConversionException>(() => Same<float>(5e-324));
        await Assert.ThrowsAsync<ResultConversionException>(() => Same<decimal>(1e-30));
        await Assert.ThrowsAsync<ResultConversionException>(
            () => Same<Dictionary<int, string>>(new Dictionary<string, string> { ["1"] = "a", ["01"] = "b" }));
        var tuple = await Assert.ThrowsAsync<ToolArgumentException>(() => Same<object>((1, "a")));
        Assert.Contains("set IncludeFields", tuple.Message, StringComparison.Ordinal);
        if (defaults == JsonSerializerDefaults.Web)
        {
            Assert.Equal(1.5, await Same<double>("1.5"));
            Assert.Equal(1.50m, await Same<decimal>("1.50"));
            await Assert.ThrowsAsync<ResultConversionException>(() => Same<double>("9007199254740993"));
        }

        await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("as_anything", new { given = "\ud83d" }).InTime());
    }
}

public sealed class ExactArgumentsOverGrpc(TypedPool<OverGrpc> typed) : ExactArguments<OverGrpc>(typed);

public sealed class ExactArgumentsOverDirect(TypedPool<OverDirect> typed) : ExactArguments<OverDirect>(typed);
