using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Snakepit.Telemetry;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the page on metrics and traces lists the instruments, attributes and names that there are.</summary>
public sealed class TelemetryPage
{
    private static readonly IReadOnlyList<Table> Tables = Document.Of("docs/telemetry.md").Tables;

    [Fact]
    public void Its_table_of_instruments_has_each_with_its_kind_and_unit()
    {
        RuntimeHelpers.RunClassConstructor(typeof(Instruments).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(PythonInstruments).TypeHandle);
        var instruments = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                // Others of the Python meter are what tools of other tests have measured.
                if (instrument.Meter.Name.StartsWith(SnakepitTelemetry.MeterName, StringComparison.Ordinal)
                    && instrument.Name.StartsWith("snakepit.", StringComparison.Ordinal))
                {
                    instruments.Add($"{instrument.Name}: {instrument.GetType().Name.Split('`')[0]} in {instrument.Unit}");
                }
            },
        };
        listener.Start();
        var rows = Tables.Single(table => table.Head[0] == "instrument").Rows
            .Select(row => $"{row[0]}: {row[1]} in {row[2]}".Replace("`", "", StringComparison.Ordinal));
        Assert.Equal(instruments.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_table_of_attributes_has_each_of_them()
    {
        var rows = Tables.Single(table => table.Head[0] == "attribute").Rows.Select(row => row[0].Trim('`'));
        Assert.Equal(ConstantsOf(typeof(TagNames)).Values.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_table_of_names_has_those_to_listen_to()
    {
        var rows = Tables.Single(table => table.Head[0] == "constant").Rows
            .Select(row => KeyValuePair.Create(row[0].Trim('`'), row[1].Trim('`')));
        Assert.Equal(
            ConstantsOf(typeof(SnakepitTelemetry)).OrderBy(one => one.Key, StringComparer.Ordinal),
            rows.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    private static Dictionary<string, string> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public).ToDictionary(
            field => field.Name, field => (string)field.GetRawConstantValue()!);
}
