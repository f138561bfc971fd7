namespace PolyClaw.Containers.Tests.Engines;

/// <summary>A static Linux program for x86-64 in 190 bytes that copies its stdin to its stdout: runs in an empty image, needs no compiler.</summary>
internal static class TinyProgram
{
    private const ulong Base = 0x400000;

    private static readonly byte[] Code =
    [
        0x48, 0x81, 0xEC, 0x00, 0x10, 0x00, 0x00, //          sub rsp, 4096
        0x31, 0xC0, //                                 loop:  xor eax, eax      ; read
        0x31, 0xFF, //                                        xor edi, edi      ; stdin
        0x48, 0x89, 0xE6, //                                  mov rsi, rsp
        0xBA, 0x00, 0x10, 0x00, 0x00, //                      mov edx, 4096
        0x0F, 0x05, //                                        syscall
        0x48, 0x85, 0xC0, //                                  test rax, rax
        0x7E, 0x10, //                                        jle exit
        0x89, 0xC2, //                                        mov edx, eax
        0xB8, 0x01, 0x00, 0x00, 0x00, //                      mov eax, 1        ; write
        0xBF, 0x01, 0x00, 0x00, 0x00, //                      mov edi, 1        ; stdout
        0x0F, 0x05, //                                        syscall
        0xEB, 0xDD, //                                        jmp loop
        0xB8, 0x3C, 0x00, 0x00, 0x00, //               exit:  mov eax, 60       ; exit
        0x31, 0xFF, //                                        xor edi, edi
        0x0F, 0x05, //                                        syscall
    ];

    /// <summary>The program's file; <paramref name="salt"/> follows the code and makes it another file that does the same.</summary>
    public static byte[] Echo(string salt)
    {
        var tail = System.Text.Encoding.ASCII.GetBytes(salt);
        using var file = new MemoryStream();
        using var to = new BinaryWriter(file);
        var size = (ulong)(64 + 56 + Code.Length + tail.Length);
        to.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        to.Write((ushort)2); // an executable
        to.Write((ushort)62); // for x86-64
        to.Write(1u);
        to.Write(Base + 64 + 56); // entry
        to.Write(64UL); // program headers
        to.Write(0UL);
        to.Write(0u);
        to.Write((ushort)64);
        to.Write((ushort)56);
        to.Write((ushort)1);
        to.Write((ushort)0);
        to.Write((ushort)0);
        to.Write((ushort)0);
        to.Write(1u); // one segment, loaded,
        to.Write(5u); // readable and executable
        to.Write(0UL);
        to.Write(Base);
        to.Write(Base);
        to.Write(size);
        to.Write(size);
        to.Write(0x1000UL);
        to.Write(Code);
        to.Write(tail);
        return file.ToArray();
    }
}
