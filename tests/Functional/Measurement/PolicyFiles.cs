using System.Text.Json;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Policies;

namespace Snakepit.Tests.Functional.Measurement;

public sealed class PolicyFiles
{
    [Fact]
    public void A_policy_is_the_same_after_it_was_written_and_read()
    {
        var text = JsonSerializer.Serialize(Synthetic.Policy, JsonFile.Format);
        var read = Policy.Parse(text, "policy.json");
        Assert.Equal(Synthetic.Policy.Rules.AsEnumerable(), read.Rules.AsEnumerable());
        Assert.Equal(Synthetic.Policy.Metrics.AsEnumerable(), read.Metrics.AsEnumerable());
        Assert.Equal(Synthetic.Policy.InterimLooks.Rounds.AsEnumerable(), read.InterimLooks.Rounds.AsEnumerable());
        Assert.Equal(
            (Synthetic.Policy.InterimLooks.Level, Synthetic.Policy.InterimLooks.SensitivityFactor),
            (read.InterimLooks.Level, read.InterimLooks.SensitivityFactor));
    }

    [Fact]
    public void A_policy_is_written_with_the_names_that_earlier_versions_read()
    {
        using var written = JsonDocument.Parse(JsonSerializer.Serialize(Synthetic.Policy, JsonFile.Format));
        var root = written.RootElement;
        Assert.Equal(["schema", "looks", "rules", "metrics"], Names(root));
        Assert.Equal(["rounds", "level", "control"], Names(root.GetProperty("looks")));
        Assert.Equal(["noAlarm", "edge", "catch", "better", "tau"], Names(root.GetProperty("rules").GetProperty("time")));
        Assert.Equal(["rule", "must", "nice", "full"], Names(root.GetProperty("metrics").GetProperty("time")));

        static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
    }

    [Theory]
    [InlineData("\"noAlarm\": 1.05", "\"noAlarm\": 0.95", "noAlarm ≤ edge")]
    [InlineData("\"noAlarm\": 1.05", "\"noAlarm\": 1.16", "noAlarm ≤ edge")]
    [InlineData("\"edge\": 1.15", "\"edge\": 1.25", "edge ≤ catch")]
    // The regression that must be detected has to be smaller than the slowdown of the sensitivity check.
    [InlineData("\"catch\": 1.2,", "\"catch\": 1.3,", "catch < control")]
    [InlineData("\"better\": 0.95", "\"better\": 1.0", "better < 1")]
    [InlineData("\"better\": 0.95", "\"better\": -1", "better < 1")]
    [InlineData("\"tau\": 0.02", "\"tau\": -0.02", "tau ≥ 0")]
    [InlineData("\"control\": 1.3", "\"control\": 1.1", "catch < control")]
    [InlineData("[12, 18, 27, 40]", "[]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[18, 12]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[12, 12, 18]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[0, 12]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[12, 61]", "looks must ascend")]
    [InlineData("[12, 18, 27, 40]", "[9, 18, 27, 40]", "no bound")]
    [InlineData("\"level\": 0.005", "\"level\": 0", "at most 0.05")]
    [InlineData("\"level\": 0.005", "\"level\": 0.49", "at most 0.05")]
    [InlineData("\"control\": 1.3", "\"control\": 1e308", "from above 1 to 3")]
    [InlineData("\"must\": 50,", "\"must\": -1,", "no measurement could meet")]
    [InlineData("\"must\": 50,", "\"must\": 1e999,", "no measurement could meet")]
    [InlineData("\"level\": 0.005", "\"level\": 0.0000001", "no bound")]
    [InlineData("\"wait\": { \"rule\": \"time\" }", "\"wait\": { \"rule\": \"tiem\" }", "'tiem'")]
    [InlineData("\"must\": 50,", "\"mist\": 50,", "mist")]
    [InlineData("\"wait\":", "\"time\":", "damaged")] // The metric "time" is listed twice.
    [InlineData("\"tau\": 0.02", "\"tau\": \"much\"", "damaged")]
    [InlineData(", \"tau\": 0.02", "", "damaged")]
    [InlineData("\"schema\": 2", "\"schema\": 3", "schema 3")]
    [InlineData("\"schema\": 2", "\"schema\": \"2\"", "damaged")]
    [InlineData("\"looks\"", "\"look\"", "damaged")]
    public void A_policy_that_contradicts_itself_is_refused(string there, string edited, string told)
    {
        var text = Synthetic.PolicyText.Replace(there, edited, StringComparison.Ordinal);
        Assert.NotEqual(Synthetic.PolicyText, text);
        var exception = Assert.Throws<UnreadableFileException>(() => Policy.Parse(text, "baselines/policy.json"));
        Assert.StartsWith("baselines/policy.json: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
    }
}
