namespace HmsMesh.Gateway.Problems;

internal static class ProblemSetup
{
    public static void UseProblems(this WebApplication app) => app.UseMiddleware<ProblemMiddleware>();
}
