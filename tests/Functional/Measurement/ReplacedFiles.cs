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
}
