using Snakepit.Measurement.Baselines;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests how baseline files that were edited by hand are treated: an invalid file is refused, and a valid one is used.</summary>
public sealed class EditedBaselines
{
    private static readonly ScenarioResult Same = Synthetic.UnchangedSession;

    private static readonly Baseline Accepted = Synthetic.Accepting(Same);

    [Theory]
    [InlineData("\"ratio\": 1", "\"ratio\": 1.5", "outside of its own bounds")]
    [InlineData("\"ratio\": 1", "\"ratio\": -1", "not positive")]
    [InlineData("\"ratio\": 1", "\"ratio\": 0", "not positive")]
    [InlineData("\"ratio\": 1", "\"ratio\": \"1\"", "damaged")]
    [InlineData("\"ratio\": 1", "\"rtaio\": 1", "damaged")]
    [InlineData("\"bounds\": [1, 1]", "\"bounds\": [1, 1, 1]", "bounds")]
    [InlineData("\"bounds\": [1, 1]", "\"bounds\": [2, 3]", "bounds")]
    [InlineData("\"bounds\": [1, 1]", "\"bounds\": null", "damaged")]
    [InlineData("\"worse\": \"higher\"", "\"worse\": \"sideways\"", "damaged")]
    [InlineData("\"worse\": \"higher\", ", "", "damaged")]
    [InlineData("\"rate\":", "\"time\":", "damaged")] // The metric "time" is listed twice.
    [InlineData("\"counts\"", "\"count\"", "damaged")]
    [InlineData("\"schema\": 2", "\"schema\": 1", "schema 1")]
    [InlineData("\"schema\": 2", "\"schema\": 99", "schema 99")]
    [InlineData("\"schema\": 2,", "", "schema")]
    [InlineData("\"scenario\": \"Startup\"", "\"scenario\": \"Latency\"", "'Latency'")]
    [InlineData("\"pin\": \"aaaa", "\"pin\": \"aaaA", "40 hexadecimal")]
    [InlineData("\"pin\": \"aaaa", "\"pin\": \"aaa", "40 hexadecimal")]
    [InlineData("\"pin\": \"aaaa", "\"pin\": \"main", "40 hexadecimal")]
    [InlineData("\"reason\": \"made up\",", "\"reason\": null,", "damaged")]
    public void A_baseline_that_was_edited_into_nonsense_is_refused(string there, string edited, string told)
    {
        var text = Accepted.ToText();
        var other = text.Replace(there, edited, StringComparison.Ordinal);
        Assert.NotEqual(text, other);
        var exception = Assert.Throws<UnreadableFileException>(() => Baseline.Parse(other, "baselines/Startup.verified.json", "Startup"));
        Assert.StartsWith("baselines/Startup.verified.json: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
        Assert.Contains("version control", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_that_was_edited_into_valid_values_is_used()
    {
        // Reading the file cannot detect an edit after which the file is still valid; only a reviewer can notice the edit. This edit
        // says that the accepted code is faster. So rounds that were unchanged against the original baseline have now regressed.
        var faster = Accepted.ToText().Replace(
            "\"time\": { \"unit\": \"ms\", \"worse\": \"higher\", \"ratio\": 1, \"bounds\": [1, 1]",
            "\"time\": { \"unit\": \"ms\", \"worse\": \"higher\", \"ratio\": 0.8, \"bounds\": [0.7, 0.9]",
            StringComparison.Ordinal);
        Assert.Equal(GateOutcome.Regressed, ScenarioVerdict.Of(Same, Baseline.Parse(faster, "b", "Startup"), Synthetic.Policy).Outcome);
    }
}
