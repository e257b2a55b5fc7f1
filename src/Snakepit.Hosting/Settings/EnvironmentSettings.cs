namespace Snakepit.Hosting;

/// <summary>
/// The settings of a <see cref="PythonEnvironment"/>, in a form that configuration can be bound to. At most one of
/// <see cref="Requirements"/>, <see cref="Interpreter"/> and <see cref="VirtualEnvironment"/> is given, and says which environment it is.
/// All other settings are for an environment that is made from <see cref="Requirements"/>.
/// </summary>
public sealed class EnvironmentSettings
{
    /// <inheritdoc cref="RequirementsEnvironment.Requirements"/>
    public string? Requirements { get; set; }

    /// <inheritdoc cref="PythonEnvironment.FromInterpreter"/>
    public string? Interpreter { get; set; }

    /// <inheritdoc cref="PythonEnvironment.FromVirtualEnvironment"/>
    public string? VirtualEnvironment { get; set; }

    /// <inheritdoc cref="RequirementsEnvironment.PythonPath"/>
    public string? PythonPath { get; set; }

    /// <inheritdoc cref="RequirementsEnvironment.Offline"/>
    public bool Offline { get; set; }

    /// <inheritdoc cref="RequirementsEnvironment.Wheels"/>
    public string? Wheels { get; set; }

    /// <inheritdoc cref="RequirementsEnvironment.SystemSitePackages"/>
    public bool SystemSitePackages { get; set; }

    /// <inheritdoc cref="RequirementsEnvironment.CacheDirectory"/>
    public string? CacheDirectory { get; set; }

    /// <inheritdoc cref="RequirementsEnvironment.Timeout"/>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Returns the faults that the environment itself cannot have, with their keys.</summary>
    internal IEnumerable<OptionFault> FindFaults()
    {
        (string Name, string? Value)[] kinds =
        [
            (nameof(Requirements), Requirements), (nameof(Interpreter), Interpreter), (nameof(VirtualEnvironment), VirtualEnvironment),
        ];
        foreach (var (name, value) in kinds.Where(kind => kind.Value?.Trim().Length == 0))
        {
            yield return Fault(name, value, "a path");
        }

        var given = kinds.Where(kind => kind.Value is not null).ToList();
        foreach (var (name, value) in given.Skip(1))
        {
            yield return Fault(name, value, $"absent when {given[0].Name} is given");
        }

        if (Requirements is null && FirstOfRequirements() is { } first)
        {
            yield return Fault(nameof(Requirements), null, $"given, because {first} is for an environment that is made from a file");
        }
    }

    internal PythonEnvironment? ToEnvironment() => this switch
    {
        { Requirements: { } file } when file.Trim().Length > 0 => PythonEnvironment.FromRequirements(file) with
        {
            PythonPath = PythonPath,
            Offline = Offline,
            Wheels = Wheels,
            SystemSitePackages = SystemSitePackages,
            CacheDirectory = CacheDirectory,
            Timeout = Timeout,
        },
        { Interpreter: { } path } when path.Trim().Length > 0 => PythonEnvironment.FromInterpreter(path),
        { VirtualEnvironment: { } directory } when directory.Trim().Length > 0 => PythonEnvironment.FromVirtualEnvironment(directory),
        _ => null,
    };

    private string? FirstOfRequirements() => PythonPath is not null ? nameof(PythonPath)
        : Offline ? nameof(Offline)
        : Wheels is not null ? nameof(Wheels)
        : SystemSitePackages ? nameof(SystemSitePackages)
        : CacheDirectory is not null ? nameof(CacheDirectory)
        : Timeout != TimeSpan.FromMinutes(10) ? nameof(Timeout)
        : null;

    private static OptionFault Fault(string name, string? value, string rule) =>
        new($"{nameof(SnakepitSettings.Environment)}.{name}", value, rule);
}
