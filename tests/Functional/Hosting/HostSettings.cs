using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Snakepit.Hosting;

namespace Snakepit.Tests.Functional.Hosting;

/// <summary>Tests that the settings of an application's pool are the options of a pool, one for one.</summary>
public sealed class HostSettings
{
    private static readonly string[] FromTheContainer =
        [nameof(SnakepitOptions.Name), nameof(SnakepitOptions.LoggerFactory), nameof(SnakepitOptions.TimeProvider)];
    private static readonly string[] OnlyInCode = [nameof(SnakepitOptions.HostTools), nameof(SnakepitOptions.Json)];

    [Fact]
    public void Every_option_of_a_pool_is_a_setting_with_the_same_default()
    {
        var core = new SnakepitOptions { Adapter = "" };
        var made = new SnakepitSettings().ToOptions(name: null, NullLoggerFactory.Instance, TimeProvider.System);
        Assert.Equal(
            Options(typeof(SnakepitOptions)).Except(FromTheContainer).Append("Startup").Order(StringComparer.Ordinal),
            Options(typeof(SnakepitSettings)).Order(StringComparer.Ordinal));
        Assert.Equal(Flat(core), Flat(made));
    }

    [Fact]
    public void Every_setting_that_is_no_object_can_be_configured_and_reaches_the_pool()
    {
        var names = Flat(new SnakepitOptions { Adapter = "" }).Keys.Except(FromTheContainer).Except(OnlyInCode)
            .Except([nameof(SnakepitOptions.Environment)]).ToList();
        var wanted = names.ToDictionary(name => name, Another);
        var configuration = wanted.SelectMany(one => one.Key switch
        {
            nameof(SnakepitOptions.ModulePaths) => [KeyValuePair.Create("Snakepit:ModulePaths:0", (string?)"/srv")],
            nameof(SnakepitOptions.EnvironmentVariables) => [KeyValuePair.Create("Snakepit:EnvironmentVariables:A", (string?)"b")],
            "Limits.CgroupSettings" => [KeyValuePair.Create("Snakepit:Limits:CgroupSettings:memory.max", (string?)"1G")],
            _ => new[] { KeyValuePair.Create($"Snakepit:{one.Key.Replace('.', ':')}", (string?)one.Value) },
        }).ToDictionary();
        using var host = TestHost.Create(services => services.AddSnakepit(), configuration);
        var settings = host.Services.GetRequiredService<IOptions<SnakepitSettings>>().Value;
        var made = Flat(settings.ToOptions(name: null, NullLoggerFactory.Instance, TimeProvider.System));
        Assert.Equal(wanted, made.Where(one => names.Contains(one.Key)).ToDictionary());
    }

    [Fact]
    public void Every_option_of_an_environment_is_a_setting_with_the_same_default_and_can_be_configured()
    {
        Assert.Equal(
            Options(typeof(RequirementsEnvironment)).Concat(["Interpreter", "VirtualEnvironment"]).Order(StringComparer.Ordinal),
            Options(typeof(EnvironmentSettings)).Order(StringComparer.Ordinal));

        var wanted = PythonEnvironment.FromRequirements("a.txt") with
        {
            PythonPath = "python3.12",
            Offline = true,
            Wheels = "wheels",
            SystemSitePackages = true,
            CacheDirectory = "/var/cache/a",
            Timeout = TimeSpan.FromMinutes(3),
        };
        Assert.Equal(wanted, Configured([.. Flat(wanted).Select(one => (one.Key, one.Value))]));
        Assert.Equal(PythonEnvironment.FromRequirements("a.txt"), Configured([("Requirements", "a.txt")]));
        Assert.Equal(PythonEnvironment.FromInterpreter("python3.12"), Configured([("Interpreter", "python3.12")]));
        Assert.Equal(PythonEnvironment.FromVirtualEnvironment("/opt/venv"), Configured([("VirtualEnvironment", "/opt/venv")]));
        Assert.Null(Configured([]));

        static PythonEnvironment? Configured((string Key, string Value)[] settings)
        {
            var configuration = settings.ToDictionary(one => $"Snakepit:Environment:{one.Key}", one => (string?)one.Value);
            using var host = TestHost.Create(services => services.AddSnakepit(settings => settings.Adapter = "a"), configuration);
            var bound = host.Services.GetRequiredService<IOptions<SnakepitSettings>>().Value;
            return bound.ToOptions(name: null, NullLoggerFactory.Instance, TimeProvider.System).Environment;
        }
    }

    private static IEnumerable<string> Options(Type type) => type.GetProperties().Select(property => property.Name);

    /// <summary>Returns a value for an option that is allowed and is not its default.</summary>
    private static string Another(string name)
    {
        var options = new SnakepitOptions { Adapter = "" };
        var (holder, property) = name.Split('.') is [var group, var inner]
            ? (typeof(SnakepitOptions).GetProperty(group)!.GetValue(options)!, inner)
            : ((object)options, name);
        var type = holder.GetType().GetProperty(property)!.PropertyType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return name switch
        {
            nameof(SnakepitOptions.ModulePaths) => "/srv",
            nameof(SnakepitOptions.EnvironmentVariables) => "A=b",
            "Limits.Cgroup" => "/sys/fs/cgroup/workers",
            "Limits.CgroupSettings" => "memory.max=1G",
            "Limits.Umask" => "OtherWrite, GroupWrite",
            "Limits.NiceLevel" => "7",
            "Limits.MemoryBytes" => "200000000",
            _ when type.IsEnum => Enum.GetNames(type)[^1],
            _ when type == typeof(TimeSpan) => "00:00:11",
            _ when type == typeof(bool) => "False",
            _ when type == typeof(double) => "0.25",
            nameof(SnakepitOptions.MinimumReadyWorkers) => "1",
            _ when type == typeof(string) => "my_tools",
            nameof(SnakepitOptions.Workers) => "9",
            _ => "2000000",
        } is var text && name == nameof(SnakepitOptions.MaxConcurrentCallsPerWorker) ? "17" : text;
    }

    /// <summary>Returns all options as text; a nested option as Outer.Inner.</summary>
    private static Dictionary<string, string> Flat(object options, string prefix = "") => options.GetType()
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .SelectMany(property => property.GetValue(options) is { } inner && property.PropertyType is { Namespace: "Snakepit", IsClass: true }
            ? Flat(inner, $"{property.Name}.")
            : new Dictionary<string, string> { [prefix + property.Name] = Text(property.GetValue(options)) })
        .ToDictionary();

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable<KeyValuePair<string, string>> pairs => string.Join(", ", pairs.Select(pair => $"{pair.Key}={pair.Value}")),
        IEnumerable items => string.Join(", ", items.Cast<object>()),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
