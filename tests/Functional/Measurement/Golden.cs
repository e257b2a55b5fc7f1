using Snakepit.Tests.Functional.Conventions;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Compares texts with accepted texts, which are stored in files beside these tests.</summary>
internal static class Golden
{
    /// <summary>Fails if a text differs from the verified (accepted) file, and writes the text to a received file beside it.</summary>
    /// <param name="file">The name of the verified file, such as <c>Report.verified.md</c>.</param>
    /// <param name="text">The text to compare.</param>
    public static void Equal(string file, string text)
    {
        var verified = Path.Combine(Repository.Root, "tests", "Functional", "Measurement", file);
        var received = verified.Replace(".verified.", ".received.", StringComparison.Ordinal);
        var content = text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (File.Exists(verified) && File.ReadAllText(verified).ReplaceLineEndings("\n") == content)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, content);
        Assert.Fail($"The text has changed. Compare {received} with {verified}; if the change is wanted, replace the second by the first.");
    }
}
