using System.Text;
using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Repository;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Reports;
using Snakepit.Tests.Functional.Measurement;
using Spectre.Console;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that results can be read in every terminal: in narrow ones, and in those that are not set to UTF-8.</summary>
public sealed class TerminalOutput
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Every_verdict_and_every_cause_is_whole_at_any_width_from_60_columns(int width)
    {
        var metrics = new[] { Synthetic.Metric("time", 0.25), Synthetic.Metric("wait", 0) with { Pin = [] }, Synthetic.Metric("limit", 0) };
        var session = Synthetic.Session(metrics);
        var verdict = ScenarioVerdict.Of(
            session,
            Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0), Synthetic.Metric("wait", 0))),
            Synthetic.Policy);

        var text = Printed(width, console => TerminalReport.Write(
            console, Workspace.Current, Synthetic.Run("20260101T000000Z", session), [verdict], ["built differently"]));

        foreach (var part in new[]
        {
            "REGRESSED", "+25.0 %", "BROKEN", "wait has 12 rounds of the candidate and 0 of the pin", "must < 1,000 ✓", "nice < 500 ✓",
            "note: built differently",
        })
        {
            Assert.Contains(part, text.Replace('\n', ' '), StringComparison.Ordinal);
        }

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public async Task A_run_against_another_pin_than_the_baselines_names_it_and_says_that_nothing_accepted_was_compared_with()
    {
        var session = Synthetic.Session(Synthetic.Metric("recovery.replaced", 0, rounds: 40)) with { Scenario = "Recovery" };
        var run = Synthetic.Run("20260101T000000Z", session);
        var (verdicts, notes) = await LatestCommand.JudgeAsync(new Workspace(Workspace.Current.Root, pullRequestTo: null), run);
        var text = Printed(200, console => TerminalReport.Write(console, Workspace.Current, run, verdicts, notes));
        Assert.Contains($"pin {Synthetic.Pin[..10]}", text, StringComparison.Ordinal);
        Assert.Contains($"Recovery is compared with {Synthetic.Pin}, which is not the pin of its baseline", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_has_rows_where_they_fit_and_blocks_where_they_do_not()
    {
        string[] headers = ["name", "value"];
        string[][] rows = [["first", "a value of a few words"], ["second", ""]];
        Assert.Matches("first +a value of a few words", Printed(60, Write));
        Assert.Contains("first\n  value: a value of", Printed(20, Write), StringComparison.Ordinal);

        void Write(IAnsiConsole console) => TerminalTable.Write(console, "title", headers, rows);
    }

    [Fact]
    public void Where_the_terminal_is_not_set_to_utf_8_symbols_become_words()
    {
        const string Text = "−11.8 % [−∞, ∞], must < 10 ✓, nice < 5 ✗, 1.1 → 1.5, ≥ 2, 84 µs";
        Assert.Equal(
            "-11.8 % [-infinite, infinite], must < 10 (met), nice < 5 (missed), 1.1 -> 1.5, >= 2, 84 us",
            AsciiText.For(Encoding.ASCII, Text));
        Assert.Equal(Text, AsciiText.For(Encoding.UTF8, Text));
        using var terminal = new StringWriter();
        using var writer = new AsciiWriter(terminal);
        writer.Write(Text);
        writer.Write(Text.ToCharArray());
        writer.Write('✓');
        Assert.True(Ascii.IsValid(terminal.ToString()), terminal.ToString());
    }

    private static string Printed(int width, Action<IAnsiConsole> print)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        print(console);
        return text.ToString();
    }
}
