namespace Snakepit.Environments;

/// <summary>The commands that make an environment, and their environment variables.</summary>
internal static class MakerCommands
{
    // Nothing listens at this port, which is that of a protocol that discards what it gets.
    private const string DeadProxy = "http://127.0.0.1:9";

    // They would make Python or pip look for packages, or put packages, elsewhere than in the new environment.
    private static readonly string[] Misleading =
    [
        "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "PIP_TARGET",
        "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_REQUIREMENT", "PIP_DRY_RUN",
    ];

    private static readonly string[] Proxies = ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy"];

    /// <summary>Returns the command that makes an environment with nothing but pip.</summary>
    public static IReadOnlyList<string> Venv(BaseInterpreter maker, EnvironmentFolder folder, bool systemSitePackages) =>
        [maker.Path, "-I", "-m", "venv", .. systemSitePackages ? ["--system-site-packages"] : Array.Empty<string>(), folder.Path];

    /// <summary>Returns the command that installs the requirements.</summary>
    /// <param name="folder">The environment.</param>
    /// <param name="text">The requirements.</param>
    /// <param name="specifiers">What Snakepit needs, as pip takes it.</param>
    /// <param name="offline">Whether pip may not use the network.</param>
    /// <param name="wheels">The folder with wheels, or null.</param>
    public static IReadOnlyList<string> Pip(
        EnvironmentFolder folder, RequirementsText text, string specifiers, bool offline, string? wheels) =>
    [
        folder.Interpreter, "-I", "-m", "pip", .. offline ? ["--isolated", "--proxy", DeadProxy, "--retries", "0"] : Array.Empty<string>(),
        "--no-input", "--disable-pip-version-check", "install", "--progress-bar", "off",
        .. offline ? ["--no-index"] : Array.Empty<string>(), .. wheels is null ? [] : new[] { "--find-links", wheels },
        "-r", text.Path, .. text.HasHashes ? [] : specifiers.Split(' '),
    ];

    /// <summary>Changes the variables that the commands inherit from this program.</summary>
    /// <param name="variables">The variables.</param>
    /// <param name="added">The variables of the pool.</param>
    /// <param name="temporary">The directory in which the commands keep what they need for a while.</param>
    /// <param name="offline">Whether the commands, and those that they start to build packages, may not use the network.</param>
    /// <param name="wheels">The folder with wheels, or null.</param>
    public static void Change(
        IDictionary<string, string?> variables, IReadOnlyDictionary<string, string> added, string temporary, bool offline, string? wheels)
    {
        foreach (var (name, value) in added)
        {
            variables[name] = value;
        }

        foreach (var name in (string[])
            [.. Misleading, .. offline ? variables.Keys.Where(name => name.StartsWith("PIP_", StringComparison.Ordinal)) : []])
        {
            variables.Remove(name);
        }

        variables["TMPDIR"] = temporary;
        if (!offline)
        {
            return;
        }

        foreach (var name in Proxies)
        {
            variables[name] = variables[name.ToUpperInvariant()] = DeadProxy;
        }

        variables["no_proxy"] = variables["NO_PROXY"] = "";
        variables["PIP_CONFIG_FILE"] = "/dev/null"; // pip then reads no configuration, also in the environments in which it builds packages
        variables["PIP_NO_INDEX"] = "1";
        variables["GIT_ALLOW_PROTOCOL"] = "file";
        if (wheels is not null)
        {
            variables["PIP_FIND_LINKS"] = wheels;
        }
    }
}
