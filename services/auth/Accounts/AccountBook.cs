using HmsMesh.Kit;

namespace HmsMesh.Auth.Accounts;

/// <summary>The demo accounts.</summary>
internal sealed class AccountBook
{
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    public AccountBook(AuthSettings settings)
    {
        foreach (var account in JsonFile.Read<Account>("accounts.json", settings.AccountsFile))
        {
            if (!_accounts.TryAdd(account.Name, account))
                throw new MeshConfigurationException($"{settings.AccountsFile ?? "accounts.json"}: the account {account.Name} is there twice.");
        }
    }

    public IReadOnlyCollection<string> Names => _accounts.Keys;

    public Account? Find(string name) => _accounts.GetValueOrDefault(name);
}
