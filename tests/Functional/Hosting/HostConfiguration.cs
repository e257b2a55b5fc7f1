using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Hosting;

/// <summary>Tests that a start tells what is wrong with the configuration of a pool, with the whole path of the key.</summary>
public sealed class HostConfiguration
{
    [Theory]
    [InlineData("Workers", "0", "Snakepit:vision:Workers must be from 1 to 1,024, was 0.")]
    [InlineData("Heartbeat:Interval", "00:00:00", "Snakepit:vision:Heartbeat:Interval must be positive and below 49 days, was 00:00:00.")]
    [InlineData("CallTimeout", "-00:00:05", "positive, below 49 days, or -00:00:00.001 for no limit, was -00:00:05.")]
    [InlineData("Wokers", "4", "Snakepit:vision:Wokers is no option of a pool. Did you mean Workers?")]
    [InlineData("Heartbeat:Intervall", "00:00:01", "Snakepit:vision:Heartbeat:Intervall is no option of a pool. Did you mean Interval?")]
    [InlineData("Colour", "blue", "Snakepit:vision:Colour is no option of a pool.")]
    [InlineData("Workers", "many", "Snakepit:vision:Workers")]
    [InlineData("Transport", "Pigeon", "Snakepit:vision:Transport")]
    [InlineData("Unbuffered", "perhaps", "Snakepit:vision:Unbuffered")]
    [InlineData("Workers:Least", "4", "Snakepit:vision:Workers must be a single value, but there is Snakepit:vision:Workers:Least.")]
    [InlineData("Heartbeat", "5", "Snakepit:vision:Heartbeat must be a section with Interval, MaxMissed, was '5'.")]
    [InlineData("ModulePaths", "/srv", "Snakepit:vision:ModulePaths must be a list or a section, was '/srv'.")]
    [InlineData(
        "CallTimeout", "30",
        "Snakepit:vision:CallTimeout must be a duration such as 00:00:30 for 30 s, was '30', which .NET reads as 30 days.")]
    [InlineData("Limits:Umask", "027", "Snakepit:vision:Limits:Umask must be some, with commas between them, of None,")]
    [InlineData("CallTimeout", "soon", "Snakepit:vision:CallTimeout")]
    [InlineData("HostTools:name_of", "x", "Snakepit:vision:HostTools cannot be configured. Set SnakepitSettings.HostTools in the code")]
    [InlineData("Startup", "7", "Snakepit:vision:Startup must be one of Required,")]
    [InlineData("Environment:Requirments", "a.txt", "Environment:Requirments is no option of a pool. Did you mean Requirements?")]
    [InlineData("Environment:Offline", "true", "Snakepit:vision:Environment:Requirements must be given, because Offline is for")]
    [InlineData("Environment:Timeout", "600", "Snakepit:vision:Environment:Timeout must be a duration such as 00:00:30")]
    [InlineData("Environment:Interpreter", "", "Snakepit:vision:Environment:Interpreter must be a path")]
    [InlineData("Environment", "requirements.txt", "Snakepit:vision:Environment must be a section with Requirements, Interpreter,")]
    public async Task A_key_or_value_that_is_wrong_ends_the_start_with_its_path(string key, string value, string told)
    {
        var configuration = new Dictionary<string, string?>
        {
            ["Snakepit:vision:Adapter"] = "my_tools",
            [$"Snakepit:vision:{key}"] = value,
        };
        var failed = await FailureAsync(services => services.AddKeyedSnakepit("vision"), configuration);
        Assert.Contains(told, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var configuration = new Dictionary<string, string?>
        {
            ["Snakepit:Adapter"] = "my_tools",
            ["Snakepit:Workers"] = "0",
            ["Snakepit:QueueLimit"] = "-1",
        };
        var failed = await FailureAsync(services => services.AddSnakepit(), configuration);
        Assert.Equal(
            ["Snakepit:Workers must be from 1 to 1,024, was 0.", "Snakepit:QueueLimit must be at least 0, was -1."], failed.Failures);
    }

    [Fact]
    public async Task An_environment_is_told_what_contradicts_it()
    {
        var configuration = new Dictionary<string, string?>
        {
            ["Snakepit:Adapter"] = "my_tools",
            ["Snakepit:PythonPath"] = "python3",
            ["Snakepit:Environment:Requirements"] = "requirements.txt",
            ["Snakepit:Environment:VirtualEnvironment"] = "/opt/venv",
            ["Snakepit:Environment:Timeout"] = "00:00:00",
        };
        var failed = await FailureAsync(services => services.AddSnakepit(), configuration);
        Assert.Equal(
            [
                "Snakepit:PythonPath must be absent when Environment is given, was python3.",
                "Snakepit:Environment:Timeout must be positive, below 49 days, or -00:00:00.001 for no limit, was 00:00:00.",
                "Snakepit:Environment:VirtualEnvironment must be absent when Requirements is given, was /opt/venv.",
            ],
            failed.Failures);
    }

    [Fact]
    public async Task A_section_that_is_missing_is_named()
    {
        var implied = await FailureAsync(services => services.AddKeyedSnakepit("vision"), []);
        Assert.Equal(
            "Snakepit:vision:Adapter must be given, but the configuration has no section Snakepit:vision, and no code gives it.",
            implied.Message);

        var section = new ConfigurationBuilder().Build().GetSection("My:Python");
        var chosen = await FailureAsync(services => services.AddSnakepit(section, settings => settings.Adapter = "my_tools"), []);
        Assert.Equal("The pool is bound to the section My:Python, which is missing in the configuration.", chosen.Message);

        var partial = await FailureAsync(services => services.AddSnakepit(), new() { ["Snakepit:Workers"] = "2" });
        Assert.Equal("Snakepit:Adapter must be given, but is missing.", partial.Message);
    }

    [Fact]
    public async Task Sections_of_pools_with_names_are_no_misspelt_options_of_the_pool_without_a_name()
    {
        var configuration = new Dictionary<string, string?>
        {
            ["Snakepit:Adapter"] = "my_tools",
            ["Snakepit:vision:Workers"] = "0",
            ["Snakepit:visoin:Workers"] = "3",
        };
        var failed = await FailureAsync(services => services.AddSnakepit().AddKeyedSnakepit("vision", s => s.Adapter = "x"), configuration);
        Assert.Contains("Snakepit:visoin is no option of a pool.", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Snakepit:vision is no option", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Snakepit:vision:Workers must be from 1 to 1,024, was 0.", failed.Message, StringComparison.Ordinal);
    }

    private static async Task<OptionsValidationException> FailureAsync(
        Action<IServiceCollection> add, Dictionary<string, string?> configuration)
    {
        using var host = TestHost.Create(add, configuration);
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync().InTime());
        return failed is AggregateException { InnerExceptions: var all }
            ? new OptionsValidationException("", typeof(object), all.Cast<OptionsValidationException>().SelectMany(one => one.Failures))
            : Assert.IsType<OptionsValidationException>(failed);
    }
}
