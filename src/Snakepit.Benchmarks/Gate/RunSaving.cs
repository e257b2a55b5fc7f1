using Snakepit.Benchmarks.Profiling;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Rounds;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Gate;

/// <summary>Keeps the results of a run: in the folder of the run, and for the jobs of GitHub Actions.</summary>
/// <param name="workspace">The repository.</param>
/// <param name="options">The options of the run.</param>
/// <param name="id">The name of the run.</param>
/// <param name="progress">Called with a line of text if something fails that changes no verdict.</param>
internal sealed class RunSaving(Workspace workspace, GateOptions options, string id, Action<string> progress)
{
    private const int KeptRuns = 20;

    private readonly RunStore _store = options.Store ?? workspace.Runs;

    /// <summary>The path of the report.</summary>
    public string ReportPath => PathOf("report.md");

    /// <summary>The path of the raw data of all rounds.</summary>
    public string RawDataPath => PathOf("rounds.ndjson.gz");

    /// <summary>Writes all files of a run, each on its own, and removes the oldest runs.</summary>
    /// <param name="run">The results.</param>
    /// <param name="measured">The scenarios.</param>
    /// <param name="studies">The studies.</param>
    /// <param name="sources">The checksum of the sources that were measured.</param>
    public OutputFiles Save(RunResult run, IReadOnlyList<ScenarioRun> measured, IReadOnlyList<StudyRun> studies, string sources)
    {
        var files = new OutputFiles();
        if (measured.Count > 0)
        {
            files.Write(_store.PathOf(run), path => RunStore.SaveAs(run, path));
        }

        if (studies.Count > 0)
        {
            // Studies go into a file of their own. They have no pin, so the commands 'latest' and 'compare' could not judge them.
            var alone = run with { Scenarios = [.. studies.Select(study => study.Result)] };
            files.Write(PathOf("studies.json"), path => RunStore.SaveAs(alone, path));
        }

        if (!options.Confirm)
        {
            var suspects = Suspects.Of(measured.Select(one => one.Verdict), sources);
            files.Write(Suspects.PathIn(workspace), suspects.Save);
        }

        foreach (var why in measured.Select(one => one.Why).OfType<Explanation>())
        {
            Save(why, files);
        }

        files.Write(ReportPath, path => AtomicFile.Write(path, RunReport.Markdown(workspace, run, measured, studies)));
        Prune();
        return files;
    }

    /// <summary>Writes the profiles of an explanation into the folder of the run.</summary>
    public void Save(Explanation why, OutputFiles files)
    {
        foreach (var (file, write) in ProfileFiles.Of(why, PathOf(ProfileFiles.Folder)))
        {
            files.Write(file, path =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                write(path);
            });
        }
    }

    /// <summary>
    /// Adds the report to the summary of the job, if there is one. The summary repeats the report, so it changes no verdict.
    /// </summary>
    public void AddToJobSummary(RunResult run, IReadOnlyList<ScenarioRun> measured, IReadOnlyList<StudyRun> studies)
    {
        try
        {
            JobSummary.Current(progress).Append(RunReport.Markdown(workspace, run, measured, studies));
        }
        catch (UnreadableFileException exception)
        {
            progress($"warning: there is no report for the summary of the job: {exception.Message}");
        }
    }

    private string PathOf(string file) => Path.Combine(_store.DirectoryOf(id), file);

    private void Prune()
    {
        try
        {
            _store.Prune(KeptRuns, id);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            progress($"warning: old runs could not be removed: {exception.Message}");
        }
    }
}
