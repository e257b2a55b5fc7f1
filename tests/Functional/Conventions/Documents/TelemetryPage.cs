using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Snakepit.Telemetry;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the page on metrics and traces lists the instruments, attributes and names that there are.</summary>
public sealed partial class TelemetryPage
{
    private static readonly IReadOnlyList<Table> Tables = Document.Of("docs/telemetry.md").Tables;

    [Fact]
    public void Its_table_of_instruments_has_each_with_its_kind_and_unit()
    {
        var instruments = AllInstruments().Select(one => $"{one.Name}: {KindOf(one)} in {one.Unit}");
        var rows = Tables.Single(table => table.Head[0] == "instrument").Rows
            .Select(row => $"{row[0]}: {row[1]} in {row[2]}".Replace("`", "", StringComparison.Ordinal));
        Assert.Equal(instruments.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_alerts_of_the_page_on_production_ask_for_metrics_and_attributes_that_there_are()
    {
        var known = AllInstruments().SelectMany(NamesInPrometheus)
            .Concat(ConstantsOf(typeof(TagNames)).Values.Select(name => name.Replace('.', '_'))).ToHashSet();
        var alerts = Document.Of("docs/production.md").Tables.Single(table => table.Head[0] == "alert").Rows;
        var asked = alerts.SelectMany(row => NamePattern().Matches(row[1]).Select(match => match.Value)).Distinct().ToList();
        Assert.True(asked.Count > 5, "The queries name hardly anything.");
        Assert.Empty(asked.Except(known));
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

    private static List<Instrument> AllInstruments()
    {
        RuntimeHelpers.RunClassConstructor(typeof(Instruments).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(PythonInstruments).TypeHandle);
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                // Others of the Python meter are what tools of other tests have measured.
                if (instrument.Meter.Name.StartsWith(SnakepitTelemetry.MeterName, StringComparison.Ordinal)
                    && instrument.Name.StartsWith("snakepit.", StringComparison.Ordinal))
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();
        return instruments;
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0];

    /// <summary>Returns the names that OpenTelemetry gives the series of an instrument in Prometheus.</summary>
    private static IEnumerable<string> NamesInPrometheus(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = instrument.Name.Replace('.', '_') + unit;
        return KindOf(instrument) switch
        {
            "Histogram" => [$"{name}_bucket", $"{name}_count", $"{name}_sum"],
            "Counter" or "ObservableCounter" => [$"{name}_total"],
            _ => [name],
        };
    }

    [GeneratedRegex(@"\b(snakepit|rpc|error)_[a-z_]+\b")]
    private static partial Regex NamePattern();

    private static Dictionary<string, string> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public).ToDictionary(
            field => field.Name, field => (string)field.GetRawConstantValue()!);
}
