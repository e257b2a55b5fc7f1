using Snakepit.Benchmarks.Arms;
using Snakepit.Benchmarks.Machines;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that the Python package of both sides is compiled alike, for the interpreter that runs it.</summary>
public sealed class CompiledPackages : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-compiled-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [PythonFact]
    public async Task A_build_whose_package_is_not_compiled_for_the_interpreter_is_refused()
    {
        var python = await ThisMachine.PythonAsync();
        await CompiledPython.RequireAsync(CandidateBuild.Directory, python);
        await RequireRefusalAsync();

        var folder = Directory.CreateDirectory(Path.Combine(_root, "python", "snakepit_worker", "__pycache__")).FullName;
        await RequireRefusalAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "all_modules.cpython-311.pyc"), "made by 3.11.0 of another day");
        await RequireRefusalAsync();

        async Task RequireRefusalAsync()
        {
            var refused = await Assert.ThrowsAsync<NotComparableException>(() => CompiledPython.RequireAsync(_root, python));
            Assert.Contains($"is not compiled for {python}", refused.Message, StringComparison.Ordinal);
            Assert.Contains("dotnet build", refused.Message, StringComparison.Ordinal);
        }
    }

    [PythonFact]
    public async Task No_setting_of_python_in_the_environment_reaches_what_the_build_compiles()
    {
        var package = Directory.CreateDirectory(Path.Combine(_root, "python", "snakepit_worker")).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "module.py"), "assert print('checked') is None\n");
        var project = Path.Combine(_root, "compile.proj");
        await File.WriteAllTextAsync(
            project,
            $"""
            <Project>
              <PropertyGroup><RepositoryRoot>{Repository.Root}/</RepositoryRoot><OutDir>{_root}/</OutDir></PropertyGroup>
              <Import Project="{Repository.Root}/eng/PythonEnvironment.targets" />
            </Project>
            """);
        var python = await ThisMachine.PythonAsync();

        string[] build = ["msbuild", project, "-t:CompilePythonPackage", "-nodeReuse:false"];
        var built = await Subprocess.RunAsync(DotnetEnvironment.Muxer, build, CancellationToken.None, variables =>
        {
            DotnetEnvironment.KeepForHost(variables);
            variables["SNAKEPIT_PYTHON"] = python;
            variables["PYTHONOPTIMIZE"] = "2";
            variables["PYTHONPYCACHEPREFIX"] = Path.Combine(_root, "elsewhere");
        });

        Assert.True(built.ExitCode == 0, built.Output + built.Errors);
        Assert.False(Directory.Exists(Path.Combine(_root, "elsewhere")));
        var compiled = Directory.GetFiles(Path.Combine(package, "__pycache__"));
        Assert.Equal(2, compiled.Length);
        Assert.All(compiled, file => Assert.Contains("checked", File.ReadAllText(file), StringComparison.Ordinal));
    }
}
