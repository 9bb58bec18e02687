using HmsMesh.Cli.Reset;

namespace HmsMesh.Cli.Tests.Commands;

public class MountsTests
{
    [Fact]
    public void Below_TableOfMounts_NamesWhatLiesInTheFolder()
    {
        string[] table =
        [
            "22 1 0:20 / / rw shared:1 - ext4 /dev/root rw",
            @"40 22 0:31 / /nowhere/my\040mesh/chaos/disk-1/small rw - tmpfs tmpfs rw",
            "41 22 0:32 / /nowhere/other rw - tmpfs tmpfs rw",
        ];

        Mounts.Below("/nowhere/my mesh", table).ShouldBe(["/nowhere/my mesh/chaos/disk-1/small"]);
        Mounts.Below("/nowhere/my", table).ShouldBeEmpty();
    }
}
