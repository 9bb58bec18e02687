namespace HmsMesh.Kit.Tests;

public class SkeletonTests
{
    [Fact]
    public void Runner_Finds_ThisAssembly() => typeof(SkeletonTests).Assembly.GetName().Name.ShouldBe("HmsMesh.Kit.Tests");
}
