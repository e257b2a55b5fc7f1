using Snakepit.Tests.Functional.Conventions;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Texts that were accepted once, beside these tests.</summary>
internal static class Golden
{
    /// <summary>Fails, and leaves a received file, if a text is not the verified one.</summary>
    /// <param name="file">The verified file's name, such as <c>Report.verified.md</c>.</param>
    /// <param name="text">What there is now.</param>
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
