using System.Text.Json;
using HmsMesh.Kit;

namespace HmsMesh.Payments.Payees;

/// <summary>Fills the vault for the demo accounts where they have filled nothing themselves.</summary>
internal sealed class DemoPayees(VaultKeeper keeper, IWorkshop workshop, PaymentsSettings settings)
{
    private const string Resource = "demo-payees.json";
    private bool _done = !settings.HasDemoPayees;

    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (_done)
            return;
        var vault = await keeper.VaultAsync(cancellationToken);
        var payees = Read();
        await workshop.RunAsync(
            async (work, _) =>
            {
                foreach (var payee in payees)
                    await work.FillAsync(payee.Citizen, vault.Seal(payee.Payee, payee.Citizen), keep: true);
            },
            cancellationToken);
        _done = true;
    }

    internal static List<DemoPayee> Read()
    {
        using var stream = typeof(DemoPayees).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<List<DemoPayee>>(stream, JsonSerializerOptions.Web)!;
    }
}
