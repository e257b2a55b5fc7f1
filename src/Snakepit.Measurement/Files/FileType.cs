using System.Runtime.InteropServices;

namespace Snakepit.Measurement.Files;

/// <summary>Asks the kernel what kind of file is at a path, which .NET does not tell.</summary>
internal static partial class FileType
{
    private const int CurrentDirectory = -100;
    private const uint OnlyType = 1;
    private const int TypeBits = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>
    /// Returns true if a path leads, through links too, to something that exists and is no ordinary file, such as a device or a pipe.
    /// </summary>
    public static bool IsSpecial(string path)
    {
        Span<byte> facts = stackalloc byte[256];
        // The offset is that of stx_mode in struct statx, which is the same on every architecture.
        return SysStatx(CurrentDirectory, path, flags: 0, OnlyType, facts) == 0
            && (BitConverter.ToUInt16(facts[28..]) & TypeBits) != Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SysStatx(int directory, string path, int flags, uint mask, Span<byte> facts);
}
