using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Snakepit.Memory;

/// <summary>
/// A file that exists only in memory, and a part of it that this process has mapped. Other processes of the same user can open the file
/// while this process has it open; it has no name that could be left behind.
/// </summary>
internal sealed partial class MemoryFile : IDisposable
{
    private const int CloseOnExec = 1;
    private const int AllowSealing = 2;
    private const int AddSeals = 1033;
    private const int GetSeals = 1034;
    private const int SealOfSeals = 1;
    private const int SealOfShrinking = 2;
    private const int SealOfGrowing = 4;
    private const int SealOfWritingByOthers = 16;
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int FromEnd = 2;
    private const int Readable = 1;
    private const int Writable = 2;
    private const int Shared = 1;

    private readonly SafeFileHandle _file;
    private nint _address;

    private MemoryFile(SafeFileHandle file, long offset, long length, int access)
    {
        (_file, Offset, Length) = (file, offset, length);
        _address = Map(0, (nuint)length, access, Shared, file, offset);
        if (_address == -1)
        {
            throw Failed("mapped");
        }
    }

    /// <summary>Where the mapped bytes begin in the file.</summary>
    public long Offset { get; }

    /// <summary>How many bytes are mapped.</summary>
    public long Length { get; }

    /// <summary>The number of the file in this process.</summary>
    public int Number => (int)_file.DangerousGetHandle();

    /// <summary>The mapped bytes. They must not be used after the file was disposed.</summary>
    public unsafe byte* Bytes => (byte*)_address;

    /// <summary>
    /// Creates a file of this length, and maps all of it. Other processes may only read it, and nobody can change its length, because to
    /// read beyond the end of a mapped file ends a process.
    /// </summary>
    /// <exception cref="IOException">The system does not allow it.</exception>
    public static MemoryFile Create(long length)
    {
        var file = new SafeFileHandle(CreateFile("snakepit", CloseOnExec | AllowSealing), ownsHandle: true);
        try
        {
            if (file.IsInvalid || SetLength(file, length) != 0)
            {
                throw Failed("created");
            }

            var created = new MemoryFile(file, 0, length, Readable | Writable);
            if (Control(file, AddSeals, SealOfShrinking | SealOfGrowing | SealOfWritingByOthers | SealOfSeals) != 0)
            {
                var failed = Failed("sealed");
                created.Dispose();
                throw failed;
            }

            return created;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file of another process, and maps a part of it for reading.</summary>
    /// <param name="process">The id of the process that has the file open.</param>
    /// <param name="number">The number of the file in that process.</param>
    /// <param name="offset">Where the part begins: a multiple of the page size.</param>
    /// <param name="length">How long the part is.</param>
    /// <exception cref="IOException">The process has ended, or there is no such file or part.</exception>
    public static MemoryFile Open(int process, uint number, long offset, long length)
    {
        // File.OpenHandle would ask for the file's kind, lock it, and unlock it, which takes longer than to open it.
        var path = FormattableString.Invariant($"/proc/{process}/fd/{number}");
        var file = new SafeFileHandle(OpenFile(path, ReadOnlyCloseOnExec, 0), ownsHandle: true);
        try
        {
            if (file.IsInvalid)
            {
                throw Failed("opened", path);
            }

            var seals = Control(file, GetSeals, 0); // -1 for a file that is not only in memory
            if (seals < 0 || (seals & SealOfShrinking) == 0 || Seek(file, 0, FromEnd) < offset + length)
            {
                throw new IOException($"{path} is no shared memory with {length:N0} bytes at {offset:N0}.");
            }

            return new MemoryFile(file, offset, length, Readable);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _address, 0) is not 0 and not -1 and var address)
        {
            _ = Unmap(address, (nuint)Length);
        }

        _file.Dispose();
    }

    private static IOException Failed(string done, string path = "")
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"Shared memory{(path.Length > 0 ? $" {path}" : "")} cannot be {done}: {cause.Message}.", cause);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int from);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int CreateFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int SetLength(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int access, int flags, SafeFileHandle file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
