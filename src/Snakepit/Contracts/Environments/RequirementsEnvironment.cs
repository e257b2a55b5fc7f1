namespace Snakepit;

/// <summary>
/// A virtual environment that is made from a requirements file by the <c>venv</c> module of Python and pip, and kept in a cache folder. See
/// <see cref="PythonEnvironment.FromRequirements"/>.
/// </summary>
/// <remarks>
/// Starts that need the same environment share it, also those of other programs: one makes it, the others wait. It is the same as long as
/// the texts of the requirements file and of the files that it includes are the same, the interpreter, the options, the names, sizes and
/// times of the wheels, and what the pool's transport needs.
/// </remarks>
public sealed record RequirementsEnvironment : PythonEnvironment
{
    internal RequirementsEnvironment()
    {
    }

    /// <summary>The path of the requirements file. What Snakepit itself needs does not have to be in it.</summary>
    public required string Requirements { get; init; }

    /// <summary>
    /// The interpreter that makes the environment, as a path or as a name to look up on PATH. Default: null, which means the first that is
    /// found as for <see cref="SnakepitOptions.PythonPath"/>; it needs no packages.
    /// </summary>
    public string? PythonPath { get; init; }

    /// <summary>
    /// Whether pip may not use the network. It then installs from <see cref="Wheels"/> and from local files that the requirements name, and
    /// ignores its own configuration. A requirements file that names an address is refused. Default: false.
    /// </summary>
    public bool Offline { get; init; }

    /// <summary>A folder with wheels, or source archives, among which pip looks for packages. Default: null, none.</summary>
    public string? Wheels { get; init; }

    /// <summary>
    /// Whether the environment sees the packages of the interpreter that has made it, such as those that the system has installed. Pip
    /// does not install what these satisfy. Default: false.
    /// </summary>
    public bool SystemSitePackages { get; init; }

    /// <summary>
    /// The folder in which environments are kept, each in a folder of its own. Whoever may write there can change the code that the
    /// workers run. Default: null, which means <c>snakepit/environments</c> in XDG_CACHE_HOME or in <c>~/.cache</c>.
    /// </summary>
    public string? CacheDirectory { get; init; }

    /// <summary>
    /// Maximum duration of making the environment, together with waiting for another program that makes it. It does not count for
    /// <see cref="SnakepitOptions.StartTimeout"/>. Default: 10 minutes.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}
