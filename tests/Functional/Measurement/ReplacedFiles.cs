using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Files;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Measurement;

/// <summary>Tests that files are replaced atomically, and that snapshots propose new content in a file beside the accepted one.</summary>
public sealed class ReplacedFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_proposal_that_equals_the_accepted_text_is_removed()
    {
        var snapshot = new Snapshot(_directory, "Startup");
        Assert.True(snapshot.Propose("one"));
        Assert.True(File.Exists(snapshot.ReceivedPath));
        File.Move(snapshot.ReceivedPath, snapshot.VerifiedPath);
        Assert.True(snapshot.Propose("two"));
        Assert.Equal("one", File.ReadAllText(snapshot.VerifiedPath));
        Assert.False(snapshot.Propose("one"));
        Assert.False(File.Exists(snapshot.ReceivedPath));
    }

    [Fact]
    public void A_write_that_fails_leaves_no_temporary_file()
    {
        var path = Path.Combine(_directory, "kept");
        Directory.CreateDirectory(path); // A directory in the place of the file makes the rename fail.
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(path, "new"));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void A_full_disk_is_reported_and_the_old_content_is_kept()
    {
        var path = Path.Combine(_directory, "kept");
        File.WriteAllText(path, "old");
        FullDisk.Before(path);
        Assert.Contains("No space left", Assert.Throws<IOException>(() => AtomicFile.Write(path, "new")).Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_directory));
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void The_file_that_a_link_leads_to_is_replaced_and_the_link_stays()
    {
        var (link, target) = (Path.Combine(_directory, "link"), Path.Combine(_directory, "target"));
        File.CreateSymbolicLink(link, "target");
        foreach (var content in new[] { "made", "replaced" })
        {
            AtomicFile.RequireWritable(link);
            AtomicFile.Write(link, content);
            Assert.Equal(content, File.ReadAllText(target));
            Assert.Equal("target", new FileInfo(link).LinkTarget);
        }

        Assert.Equal([link, target], Directory.EnumerateFileSystemEntries(_directory).Order());
    }

    [Fact]
    public async Task A_pipe_is_written_to_and_stays_what_it_is()
    {
        var pipe = Path.Combine(_directory, "pipe");
        var made = await Subprocess.RunAsync("mkfifo", [pipe], CancellationToken.None).InTime();
        Assert.Equal(0, made.ExitCode);
        AtomicFile.RequireWritable(pipe);
        var read = Task.Run(() => File.ReadAllText(pipe));
        AtomicFile.Write(pipe, "content");
        Assert.Equal("content", await read.InTime());
        Assert.Equal([pipe], Directory.EnumerateFileSystemEntries(_directory));
    }
}
