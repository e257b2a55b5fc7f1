namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// Marks a test that uses a web page in Chromium. The test is skipped with a reason where Python or Chromium is missing; if the environment
/// variable CI is "true", the test fails instead.
/// </summary>
public sealed class BrowserFactAttribute : SkippableFactAttribute
{
    public BrowserFactAttribute() => Skip = PythonPresence.ReasonToSkip ?? MachineProgram.Browser.ReasonToSkip;
}

/// <summary>Marks a test that compiles a program ahead of time, in the same way. For this, .NET needs a linker of C programs.</summary>
public sealed class NativeAotFactAttribute : SkippableFactAttribute
{
    public NativeAotFactAttribute() => Skip = PythonPresence.ReasonToSkip ?? MachineProgram.Linker.ReasonToSkip;
}

/// <summary>A program of the machine that tests use, by any of its names.</summary>
internal sealed record MachineProgram(string What, string Packages, params string[] Names)
{
    public static MachineProgram Browser { get; } = new("Chromium", "chromium", "chromium", "chromium-browser", "google-chrome");

    public static MachineProgram Linker { get; } = new("A linker of C programs", "gcc libc6-dev", "clang", "gcc");

    /// <summary>The path of the program.</summary>
    /// <exception cref="FileNotFoundException">No directory of PATH has it.</exception>
    public string Path => Find() ?? throw new FileNotFoundException(Missing);

    /// <summary>Why tests that need the program are skipped: null if it is there, or if the tests must run because CI is "true".</summary>
    public string? ReasonToSkip => PythonPresence.IsCI || Find() is not null ? null : Missing;

    private string Missing => $"{What} is not installed (on Debian: apt-get install {Packages}).";

    private string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(directory => Names.Select(name => System.IO.Path.Combine(directory, name)))
        .FirstOrDefault(File.Exists);
}
